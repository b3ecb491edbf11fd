"""The sample meeting: what `load_sample_meeting` writes. Facts are the meeting's own, sentences are ours."""
