"""The LR and Wide & Deep on the same click log, measured: offline, online and by their parts."""
