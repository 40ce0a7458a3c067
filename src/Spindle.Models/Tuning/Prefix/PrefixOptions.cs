namespace Spindle.Models.Tuning.Prefix;

/// <summary>The options of prefix tuning.</summary>
public sealed record PrefixOptions;
