using Spindle.Data.Tasks;

namespace Spindle.Training.Batches;

/// <summary>Turns a task's rows into token ids.</summary>
public interface IExampleEncoder
{
    /// <summary>A row as token ids.</summary>
    /// <exception cref="InvalidDataException">The tokenizer gives a token that the backbone does not know.</exception>
    EncodedExample Encode(Example example);
}
