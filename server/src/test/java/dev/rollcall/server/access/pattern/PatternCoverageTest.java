package dev.rollcall.server.access.pattern;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random patterns: the automaton against the matcher, and what is said of a wildcard against every short name below it. */
class PatternCoverageTest {
    private static final String LETTERS = "ab._-*\n \u00e90";
    private static final String[] ATOMS = {
        "a", "b", "\\.", "_", "-", "\\*", ".", "[^.]", "[ab]", "[^a-b]", "\\w", "\\W", "\\d", "\\S", "[\\w.]", "[^\\w]",
        "[a-]", "[]a]", "[^]a]", "[*-.]", "^", "$", "\\A", "\\z", "\u00e9", "\\n", "{", "}", "]", "[^,]"
    };
    private static final String[] REPEATS = {"*", "+", "?", "*?", "+?", "{2}", "{0,2}", "{1,}", "{0}", "??"};

    private static String expression(Random random, int depth) {
        StringBuilder out = new StringBuilder();
        int parts = 1 + random.nextInt(3);
        for (int i = 0; i < parts; i++) {
            if (i > 0 && random.nextInt(4) == 0) {
                out.append('|');
            }
            if (depth > 0 && random.nextInt(3) == 0) {
                out.append(random.nextBoolean() ? "(" : "(?:")
                        .append(expression(random, depth - 1))
                        .append(')');
            } else {
                out.append(ATOMS[random.nextInt(ATOMS.length)]);
            }
            if (random.nextInt(3) == 0) {
                out.append(REPEATS[random.nextInt(REPEATS.length)]);
            }
        }
        return out.toString();
    }

    private static String name(Random random, int longest) {
        StringBuilder out = new StringBuilder();
        for (int i = random.nextInt(longest + 1); i > 0; i--) {
            out.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return out.toString();
    }

    /** Returns every name of at most {@code longest} of the letters. */
    private static List<String> names(int longest) {
        List<String> names = new ArrayList<>(List.of(""));
        for (int from = 0, length = 1; length <= longest; length++) {
            int end = names.size();
            for (int i = from; i < end; i++) {
                for (char letter : LETTERS.toCharArray()) {
                    names.add(names.get(i) + letter);
                }
            }
            from = end;
        }
        return names;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 20261127, 4711})
    void automaton_acceptsWhatTheMatcherMatches(long seed) {
        Random random = new Random(seed);
        int decided = 0;
        for (int round = 0; round < 1_500; round++) {
            String text = expression(random, 3);
            Pattern matcher;
            Automaton automaton;
            try {
                matcher = Pattern.compile(text, Pattern.DOTALL);
                automaton = Automaton.of(text);
            } catch (PatternSyntaxException | UndecidableException e) {
                continue;
            }
            decided++;
            for (int i = 0; i < 20; i++) {
                String name = "x" + name(random, 6);
                BitSet end = automaton.after(automaton.start(), name);
                assertThat(automaton.accepts(end))
                        .as("seed %d pattern %s name %s", seed, text, name)
                        .isEqualTo(matcher.matches(name));
                name = name.substring(1);
                end = automaton.after(automaton.start(), name);
                if (!name.isEmpty()) {
                    assertThat(automaton.accepts(end))
                            .as("seed %d pattern %s name %s", seed, text, name)
                            .isEqualTo(matcher.matches(name));
                }
            }
        }
        assertThat(decided).isGreaterThan(1_000);
    }

    @ParameterizedTest
    @ValueSource(longs = {2, 20261127, 815})
    void covers_neverMoreThanEveryNameBelow(long seed) {
        Random random = new Random(seed);
        List<String> below = names(3);
        int covered = 0;
        int open = 0;
        for (int round = 0; round < 1_000; round++) {
            String text = "a\\." + tail(random);
            NamePattern pattern;
            try {
                pattern = NamePattern.of(text);
            } catch (IllegalArgumentException e) {
                continue;
            }
            Pattern matcher = Pattern.compile(text, Pattern.DOTALL);
            boolean says = pattern.covers("a.*", Effort.UNBOUNDED);
            if (says) {
                covered++;
                for (String rest : below) {
                    assertThat(matcher.matches("a." + rest))
                            .as("seed %d %s a.%s", seed, text, rest)
                            .isTrue();
                }
                for (int i = 0; i < 50; i++) {
                    String rest = name(random, 90);
                    assertThat(matcher.matches("a." + rest))
                            .as("seed %d %s a.%s", seed, text, rest)
                            .isTrue();
                }
            } else if (isDecidable(text) && matcher.matches("a.*")) {
                open++;
                assertThat(missing(text))
                        .as("seed %d %s matches all, and is said not to", seed, text)
                        .isNotNull();
            }
        }
        assertThat(covered).isGreaterThan(25);
        assertThat(open).isGreaterThan(25);
    }

    private static String tail(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> "(" + expression(random, 2) + "|.*)";
            case 1 -> "(" + expression(random, 2) + ")*";
            case 2 -> "([^.]|" + expression(random, 1) + ")*";
            default -> expression(random, 3);
        };
    }

    private static boolean isDecidable(String text) {
        try {
            Automaton.of(text);
            return true;
        } catch (UndecidableException e) {
            return false;
        }
    }

    /** Returns a name below {@code a.} that does not match, found without the automaton, or null. */
    private static @Nullable String missing(String text) {
        Pattern matcher = Pattern.compile(text, Pattern.DOTALL);
        for (String rest : names(4)) {
            if (!matcher.matches("a." + rest)) {
                return rest;
            }
        }
        Random random = new Random(7);
        for (int i = 0; i < 50_000; i++) {
            String rest = name(random, 90).replace('_', (char) (1 + random.nextInt(0x200)));
            if (!matcher.matches("a." + rest)) {
                return rest;
            }
        }
        return null;
    }
}
