/*
title = "Unfinished"
*/
SELECT 1
