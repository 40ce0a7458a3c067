using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Spindle.Training.Settings;
using Spindle.Training.Tuned;

namespace Spindle.Training.FineTuning;

/// <summary>Tells apart training runs that would end with other values.</summary>
internal static class TrainingIdentity
{
    /// <summary>The SHA-256, in hexadecimal, of what a run depends on.</summary>
    /// <param name="record">The model.</param>
    /// <param name="strategies">The options of the strategies, with what only training needs.</param>
    /// <param name="settings">How it is trained.</param>
    /// <param name="rows">The digests of the rows.</param>
    /// <param name="conditions">The conditions of the run, in a fixed order.</param>
    public static string Of(
        TunedRecord record,
        IReadOnlyDictionary<string, string> strategies,
        TrainingSettings settings,
        IReadOnlyList<(string Part, IReadOnlyList<ulong> Digests)> rows,
        IReadOnlyList<double> conditions)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(TunedFolder.Text(record));
        foreach (var (name, options) in strategies.OrderBy(pair => pair.Key, StringComparer.Ordinal)) Add($"{name}: {options}");
        // the device is among the conditions, as what it stands for here
        foreach (var setting in SettingDefinition.All.Where(setting => setting.Name != "device")) Add($"{setting.Name}: {Convert.ToString(setting.ValueOf(settings), CultureInfo.InvariantCulture)}");
        foreach (var (part, digests) in rows) Add($"{part}: {string.Join(' ', digests)}");
        foreach (var condition in conditions) Add(condition.ToString("R", CultureInfo.InvariantCulture));
        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Add(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text + "\n"));
    }
}
