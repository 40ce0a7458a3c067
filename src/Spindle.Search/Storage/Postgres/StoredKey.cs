using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Spindle.Search.Trials;

namespace Spindle.Search.Storage.Postgres;

/// <summary>Names the key of a trial in few letters. Stores keep these names, so how they are made must not change.</summary>
internal static class StoredKey
{
    // a letter that no name contains
    private const char Between = '\u001f';

    /// <summary>The SHA-256 of all parts of a key, in 64 hexadecimal digits.</summary>
    public static string Of(TrialKey key)
    {
        string[] parts =
        [
            key.Stage, key.Option, key.Given, Text(key.Sample), key.Task, Text(key.Epochs), Text(key.Seed), Text(key.TrainingRows), key.LearningRate?.ToString("R", CultureInfo.InvariantCulture) ?? "",
            Text(key.Split), key.UsesAllRows ? "1" : "0", Text(key.AveragedRuns), key.Settings ?? "",
        ];
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(Between, parts))));
    }

    private static string Text(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";
}
