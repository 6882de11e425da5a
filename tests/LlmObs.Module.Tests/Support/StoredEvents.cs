// Compiled by pwsh (Add-Type): counts what an emulator has stored.
using System.Collections.Generic;
using System.IO;
using System.Text.RegularExpressions;

namespace LlmObs.Testing
{
    /// <summary>The events s1, s2, … in an emulator's journal: their number, the number of different ones, and of missing ones.</summary>
    public static class StoredEvents
    {
        public static int[] Count(string journal, int expected)
        {
            var ids = new HashSet<string>();
            int all = 0;
            using (var file = new FileStream(Path.Combine(journal, "journal.jsonl"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite))
            using (var reader = new StreamReader(file))
            {
                foreach (Match match in Regex.Matches(reader.ReadToEnd(), "\"span_id\":\"(s\\d+)\""))
                {
                    all++;
                    ids.Add(match.Groups[1].Value);
                }
            }

            int missing = 0;
            for (int number = 1; number <= expected; number++)
            {
                if (!ids.Contains("s" + number)) { missing++; }
            }

            return new[] { all, ids.Count, missing };
        }
    }
}
