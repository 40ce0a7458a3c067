namespace Spindle.Benchmarks.Recording.Table;

/// <summary>A trial's predictions for the scored rows as signed bytes, one for each row.</summary>
/// <remarks>For two labels it is the logit of the second one in steps of 1/4, rounded down, from -32 to 31: a negative byte predicts the first label. For a value from 0 to 5 it is the distance from 2.5 in steps of 1/40.</remarks>
internal static class RowPredictions
{
    private const double LogitSteps = 4, ValueSteps = 40, MiddleValue = 2.5;
    private const int LeastLogit = -32, MostLogit = 31;

    /// <summary>The byte of a probability.</summary>
    /// <param name="second">The probability of the second label.</param>
    /// <param name="isSecond">Whether the second label is predicted.</param>
    public static sbyte OfProbability(double second, bool isSecond)
    {
        var step = Math.Clamp(Math.Floor(Math.Log(second / (1 - second)) * LogitSteps), LeastLogit, MostLogit);
        return (sbyte)(isSecond ? Math.Max(step, 0) : Math.Min(step, -1));
    }

    /// <summary>The byte of a value.</summary>
    public static sbyte OfValue(double value) => (sbyte)Math.Clamp(Math.Round((value - MiddleValue) * ValueSteps), sbyte.MinValue, sbyte.MaxValue);

    /// <summary>The predicted label, 0 or 1, or the predicted value.</summary>
    /// <param name="task">The task.</param>
    /// <param name="step">The byte.</param>
    public static double Predicted(string task, sbyte step) => task == "stsb" ? MiddleValue + (step / ValueSteps) : step < 0 ? 0 : 1;

    /// <summary>The probability of the second label, in the middle of the byte's step.</summary>
    public static double Probability(sbyte step) => 1 / (1 + Math.Exp(-(step + 0.5) / LogitSteps));
}
