namespace Spindle.Search.Studies;

/// <summary>An earlier search that a search starts from, and what was read of it. The search's own store keeps it, so that the search resumes with the same scores, whatever became of the earlier store.</summary>
/// <param name="Store">Its store, as the study names it.</param>
/// <param name="Name">The name of its study.</param>
/// <param name="Backbone">Its backbone.</param>
/// <param name="Tasks">Its tasks.</param>
/// <param name="Scores">Its scores of sides that the new study can be compared with.</param>
/// <param name="LeftOut">The number of its scored sides with strategies or baselines that the new study does not have.</param>
public sealed record EarlierStudy(string Store, string Name, string Backbone, IReadOnlyList<string> Tasks, IReadOnlyList<EarlierScore> Scores, int LeftOut);

/// <summary>What a side of an earlier search scored.</summary>
/// <param name="Conditions">The stage and how it trained: scores under the same conditions are comparable.</param>
/// <param name="Points">The mean score over its tasks in points.</param>
/// <param name="LearningRate">The learning rate of strategies, or that which belongs to it in full fine-tuning; null where that is not known.</param>
/// <param name="Settings">The values of the settings that its study listed, or null.</param>
/// <param name="Plan">What was trained.</param>
public sealed record EarlierScore(string Conditions, double Points, double? LearningRate, string? Settings, PlanTraits Plan);
