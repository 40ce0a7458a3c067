using Spindle.Data.Tasks;

namespace Spindle.Data.Templates;

/// <summary>Casts a task's rows as text to text, and reads what was written back. Contract: pure; the label of a row's target is the row's.</summary>
public interface ITextTemplate
{
    /// <summary>What is read for a row.</summary>
    string Source(Example row);

    /// <summary>What is to be written for a row that has a label or a target.</summary>
    string Target(Example row);

    /// <summary>The class index or value that was written, or a number that is not a label's where it is none; NaN where a text is asked for.</summary>
    double Label(string answer);
}
