namespace LlmObs.Bench.Data;

/// <summary>Writes spans as CSV, with quotes only if a cell needs them.</summary>
internal sealed class SpanCsv(TextWriter writer)
{
    public void WriteHeader() =>
        writer.Write("trace_id,span_id,name,start_ns,duration,status,input,output,expected_output,error_message,error_type,tags\n");

    public void Write(SpanRecord span)
    {
        writer.Write(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{span.TraceId},{span.SpanId},{span.Name},{span.Start},{span.Duration},{span.Status}"));
        foreach (string cell in (ReadOnlySpan<string>)[span.Input, span.Output, span.ExpectedOutput, span.ErrorMessage, span.ErrorType, string.Join(',', span.OwnTags)])
        {
            writer.Write(',');
            WriteCell(cell);
        }

        writer.Write('\n');
    }

    private void WriteCell(string cell)
    {
        if (cell.AsSpan().IndexOfAny(",\"\r\n") < 0)
        {
            writer.Write(cell);
            return;
        }

        writer.Write('"');
        writer.Write(cell.Replace("\"", "\"\"", StringComparison.Ordinal));
        writer.Write('"');
    }
}
