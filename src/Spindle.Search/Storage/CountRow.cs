namespace Spindle.Search.Storage;

/// <summary>The counts of an option as a database returns them.</summary>
internal sealed class CountRow
{
    public string Stage { get; init; } = "";

    public string Option { get; init; } = "";

    public string Given { get; init; } = "";

    public long Trials { get; init; }

    public long Running { get; init; }

    public long Finished { get; init; }

    public long Failed { get; init; }

    public double Points { get; init; }

    public long Examples { get; init; }

    public long WorkDone { get; init; }

    public long Work { get; init; }

    public OptionCount Count => new(Stage, Option, Given, (int)Trials, (int)Running, (int)Finished, (int)Failed, Points, Examples, WorkDone, Work);
}
