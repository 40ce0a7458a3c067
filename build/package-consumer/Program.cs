// A program that references one package and runs a study; the last line tells check-packages.sh that the search reached its end.
using Spindle;
using Spindle.Studies;

var result = StudySearch.Run(Study.Read(args[0]));
Console.WriteLine($"{result.Plan!.Design}, {result.Trials} trials, {result.Failed} failed");
if (!result.IsComplete || result.Failed > 0) return 1;
Console.WriteLine("the search is complete");
return 0;
