// The `spindle` command.
return 0;
