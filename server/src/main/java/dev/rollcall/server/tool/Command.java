package dev.rollcall.server.tool;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/**
 * A command behind a noun.
 *
 * @param name its word
 * @param summary what it does
 * @param options what it takes
 * @param positionals which words it takes
 * @param action what it does
 */
record Command(
        String name,
        String summary,
        List<OptionSpec> options,
        List<PositionalParamSpec> positionals,
        Tools.Action action) {
    /**
     * A call of one.
     *
     * @param parsed the command line
     * @param isJson whether results are JSON
     * @param out for results
     * @param err for everything else
     */
    record Called(ParseResult parsed, boolean isJson, PrintStream out, PrintStream err) {
        /** Returns the word. */
        String word() {
            return parsed.matchedPositionalValue(0, "");
        }

        /** Returns the value of an option, or null. */
        @Nullable
        String text(String option) {
            return parsed.matchedOptionValue(option, (String) null);
        }

        boolean has(String option) {
            return parsed.hasMatchedOption(option);
        }

        static ObjectNode object() {
            return JsonNodeFactory.instance.objectNode();
        }

        void print(Object line) {
            out.println(line);
        }

        void complain(String problem) {
            err.println("rollcall: " + problem.replace('\n', ' '));
        }
    }
}
