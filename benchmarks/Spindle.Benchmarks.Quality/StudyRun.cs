using System.Diagnostics;
using Spindle.Studies;

namespace Spindle.Benchmarks.Quality;

/// <summary>A search of a study file under another seed.</summary>
/// <param name="Task">The study's file, without folder and extension.</param>
/// <param name="Seed">The seed of the search.</param>
internal sealed record StudyRun(string Task, int Seed) : Measurement(Task, Seed)
{
    /// <inheritdoc/>
    public override Result Run(string data)
    {
        var study = Study.Read(Path.Combine("studies", $"{Task}.yaml"));
        var clock = Stopwatch.StartNew();
        var result = StudySearch.Run(study with { Search = study.Search with { Seed = Seed } });
        return Result.Of(result, clock.Elapsed);
    }
}
