using static Spindle.Data.Tasks.Builtin.Lexicon;

namespace Spindle.Data.Tasks.Builtin;

/// <summary>How alike two scenes are, from 0 to 5: what is kept may be said in other words, what is changed may keep its frame, so that shared
/// words say little.</summary>
internal sealed class SimilarityGrammar : IGrammar
{
    private const double PersonWeight = 1.25;
    private const double ActionWeight = 1.5;
    private const double ThingWeight = 1.5;
    private const double PlaceWeight = 0.75;
    private const double SameKindShare = 0.4;

    public TaskDefinition Task { get; } = new("builtin/similarity", TaskKind.Regression, [], Pairs: true, ["spearman"], new(0, 5));

    public Example Draw(Random random, Lexicon lexicon, int label)
    {
        var first = Scene.Draw(random, lexicon);
        var second = first;
        var score = 0.0;
        var (keepPerson, keepAction, keepThing, keepPlace) = (Coin(random), Coin(random), Coin(random), Coin(random));
        // the more is kept, the more of it is said in other words
        if (random.NextDouble() < 0.75 && (keepPerson ? 1 : 0) + (keepAction ? 1 : 0) + (keepThing ? 1 : 0) >= 2) second = first.Reworded(random);

        if (keepPerson) score += PersonWeight;
        else second = second with { Person = Pick(random, Other(random, lexicon.People, first.PersonConcept).Words) };

        if (keepThing) score += ThingWeight;
        else
        {
            var sameKind = Coin(random);
            if (sameKind) score += SameKindShare * ThingWeight;
            var kind = sameKind ? first.Kind : OtherKind(random, first);
            second = second with { Thing = Pick(random, Other(random, lexicon.Things[kind], first.ThingConcept).Words) };
        }

        if (keepAction) score += ActionWeight;
        else
        {
            var other = random.Next(3) == 0 ? first.Opposite : Pick(random, Other(random, lexicon.Actions, first.ActionConcept).Words);
            second = second with { Action = other };
        }

        if (keepPlace) score += PlaceWeight;
        else second = second with { Place = Pick(random, Other(random, lexicon.Places, first.PlaceConcept).Words) };
        return new(first.Text(), second.Text(), score);
    }

    private static string OtherKind(Random random, Scene scene) =>
        scene.ActionConcept.Kinds.Count > 1 ? Other(random, scene.ActionConcept.Kinds, scene.Kind) : scene.Kind;

    private static bool Coin(Random random) => random.Next(2) == 0;
}
