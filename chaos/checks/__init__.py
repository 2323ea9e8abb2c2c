"""The promises: each check gives a sentence for every one that was not kept."""
