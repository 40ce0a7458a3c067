namespace Spindle.Cli.Terminal;

/// <summary>How much a command tells, and in which form.</summary>
internal enum OutputMode
{
    /// <summary>The result on standard output, progress and warnings on standard error.</summary>
    Normal,

    /// <summary>The last line of the result, and errors.</summary>
    Quiet,

    /// <summary>Normal, and each part of the work as it ends.</summary>
    Verbose,

    /// <summary>One JSON object per line on standard output; errors as text on standard error.</summary>
    Json,
}
