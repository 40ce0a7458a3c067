using static Spindle.Data.Tasks.Builtin.Lexicon;

namespace Spindle.Data.Tasks.Builtin;

/// <summary>Whether the second sentence follows from the first: words of like meaning and names of kinds follow, opposites, other things, denials
/// and the particular from the general do not. Both classes share words alike.</summary>
internal sealed class EntailmentGrammar : IGrammar
{
    public TaskDefinition Task { get; } =
        new("builtin/entailment", TaskKind.Classification, ["entailment", "not_entailment"], Pairs: true, ["accuracy"], null);

    public Example Draw(Random random, Lexicon lexicon, int label)
    {
        var scene = Scene.Draw(random, lexicon);
        var (premise, hypothesis) = label == 0 ? Follows(random, scene) : DoesNotFollow(random, lexicon, scene);
        return new(premise, hypothesis, label);
    }

    private static (string, string) Follows(Random random, Scene scene)
    {
        var premise = scene.Text();
        return random.Next(6) switch
        {
            0 => (premise, scene.Reworded(random).Text()),
            1 => (premise, (scene with { Thing = scene.Kind }).Text()),
            2 => (premise, (scene with { Person = "person", Place = "" }).Text()),
            3 => (premise, (scene.Reworded(random) with { Thing = scene.Kind }).Text()),
            4 => (premise, (scene with { Place = "" }).Text()),
            _ => (premise, (scene with { Action = scene.Opposite }).Text(denied: true)),
        };
    }

    private static (string, string) DoesNotFollow(Random random, Lexicon lexicon, Scene scene)
    {
        var premise = scene.Text();
        var another = Other(random, lexicon.Things[scene.Kind], scene.ThingConcept);
        return random.Next(6) switch
        {
            0 => (premise, (scene with { Action = scene.Opposite }).Text()),
            1 => (premise, (scene with { Thing = Pick(random, another.Words) }).Text()),
            2 => (premise, scene.Reworded(random).Text(denied: true)),
            3 => (premise, (scene.Reworded(random) with { Person = Pick(random, Other(random, lexicon.People, scene.PersonConcept).Words) }).Text()),
            4 => ((scene with { Thing = scene.Kind }).Text(), premise),
            _ => (premise, (scene with { Action = scene.Opposite, Place = "" }).Text()),
        };
    }
}
