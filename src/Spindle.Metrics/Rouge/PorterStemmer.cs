namespace Spindle.Metrics.Rouge;

/// <summary>Porter's stemmer (Porter 1980) with NLTK's default extensions, which <c>rouge_score</c> uses.</summary>
public static class PorterStemmer
{
    private static readonly Dictionary<string, string> Irregular = new(StringComparer.Ordinal)
    {
        ["sky"] = "sky",
        ["skies"] = "sky",
        ["dying"] = "die",
        ["lying"] = "lie",
        ["tying"] = "tie",
        ["news"] = "news",
        ["innings"] = "inning",
        ["inning"] = "inning",
        ["outings"] = "outing",
        ["outing"] = "outing",
        ["cannings"] = "canning",
        ["canning"] = "canning",
        ["howe"] = "howe",
        ["proceed"] = "proceed",
        ["exceed"] = "exceed",
        ["succeed"] = "succeed",
    };

    private static readonly (string Suffix, string Replacement)[] Plurals = [("sses", "ss"), ("ies", "i"), ("ss", "ss"), ("s", "")];

    private static readonly (string Suffix, string Replacement)[] Second =
    [
        ("ational", "ate"), ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"), ("bli", "ble"), ("alli", "al"), ("entli", "ent"), ("eli", "e"), ("ousli", "ous"),
        ("ization", "ize"), ("ation", "ate"), ("ator", "ate"), ("alism", "al"), ("iveness", "ive"), ("fulness", "ful"), ("ousness", "ous"), ("aliti", "al"), ("iviti", "ive"), ("biliti", "ble"),
        ("fulli", "ful"), ("logi", "log"),
    ];

    private static readonly (string Suffix, string Replacement)[] Third =
        [("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""), ("ness", "")];

    private static readonly string[] Fourth =
        ["al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism", "ate", "iti", "ous", "ive", "ize"];

    /// <summary>The stem of a word.</summary>
    /// <param name="word">The word, in lower case.</param>
    public static string Stem(string word)
    {
        if (Irregular.TryGetValue(word, out var stem)) return stem;
        if (word.Length <= 2) return word;
        return DropDoubleL(DropE(DropFourth(Replace(ReplaceSecond(TurnY(DropPast(DropPlural(word)))), Third))));
    }

    // step 1a
    private static string DropPlural(string word)
    {
        if (Ends(word, "ies") && word.Length == 4) return word[..^1];
        foreach (var (suffix, replacement) in Plurals)
            if (Ends(word, suffix)) return word[..^suffix.Length] + replacement;
        return word;
    }

    // step 1b
    private static string DropPast(string word)
    {
        if (Ends(word, "ied")) return word[..^(word.Length == 4 ? 1 : 2)];
        if (Ends(word, "eed")) return Measure(word[..^3]) > 0 ? word[..^1] : word;
        string stem;
        if (Ends(word, "ed") && HasVowel(word[..^2])) stem = word[..^2];
        else if (Ends(word, "ing") && HasVowel(word[..^3])) stem = word[..^3];
        else return word;
        if (Ends(stem, "at") || Ends(stem, "bl") || Ends(stem, "iz")) return stem + "e";
        if (stem.Length >= 2 && stem[^1] == stem[^2] && IsConsonant(stem, stem.Length - 1)) return stem[^1] is 'l' or 's' or 'z' ? stem : stem[..^1];
        return Measure(stem) == 1 && EndsShort(stem) ? stem + "e" : stem;
    }

    // step 1c
    private static string TurnY(string word) => Ends(word, "y") && word.Length > 2 && IsConsonant(word, word.Length - 2) ? word[..^1] + "i" : word;

    // step 2
    private static string ReplaceSecond(string word)
    {
        if (Ends(word, "alli") && Measure(word[..^4]) > 0) return ReplaceSecond(word[..^2]);
        foreach (var (suffix, replacement) in Second)
        {
            if (!Ends(word, suffix)) continue;
            // of 'logi' the l counts as the stem's
            var stem = word[..^(suffix == "logi" ? 3 : suffix.Length)];
            return Measure(stem) > 0 ? word[..^suffix.Length] + replacement : word;
        }
        return word;
    }

    // step 3
    private static string Replace(string word, (string Suffix, string Replacement)[] rules)
    {
        foreach (var (suffix, replacement) in rules)
            if (Ends(word, suffix)) return Measure(word[..^suffix.Length]) > 0 ? word[..^suffix.Length] + replacement : word;
        return word;
    }

    // step 4
    private static string DropFourth(string word)
    {
        foreach (var suffix in Fourth)
        {
            if (!Ends(word, suffix)) continue;
            var stem = word[..^suffix.Length];
            return Measure(stem) > 1 && (suffix != "ion" || stem[^1] is 's' or 't') ? stem : word;
        }
        return word;
    }

    // step 5a
    private static string DropE(string word)
    {
        if (!Ends(word, "e")) return word;
        var stem = word[..^1];
        return Measure(stem) is var measure && (measure > 1 || (measure == 1 && !EndsShort(stem))) ? stem : word;
    }

    // step 5b
    private static string DropDoubleL(string word) => Ends(word, "ll") && Measure(word[..^1]) > 1 ? word[..^1] : word;

    private static bool Ends(string word, string suffix) => word.EndsWith(suffix, StringComparison.Ordinal);

    private static bool IsConsonant(string word, int at) => word[at] switch
    {
        'a' or 'e' or 'i' or 'o' or 'u' => false,
        'y' => at == 0 || !IsConsonant(word, at - 1),
        _ => true,
    };

    // how often a vowel is followed by a consonant
    private static int Measure(string stem)
    {
        var (measure, afterVowel) = (0, false);
        for (var at = 0; at < stem.Length; at++)
        {
            var consonant = IsConsonant(stem, at);
            if (consonant && afterVowel) measure++;
            afterVowel = !consonant;
        }
        return measure;
    }

    private static bool HasVowel(string stem) => Enumerable.Range(0, stem.Length).Any(at => !IsConsonant(stem, at));

    // consonant, vowel, consonant other than w, x and y; or vowel and consonant alone
    private static bool EndsShort(string stem)
    {
        var last = stem.Length - 1;
        return last >= 2
            ? IsConsonant(stem, last - 2) && !IsConsonant(stem, last - 1) && IsConsonant(stem, last) && stem[last] is not ('w' or 'x' or 'y')
            : last == 1 && !IsConsonant(stem, 0) && IsConsonant(stem, 1);
    }
}
