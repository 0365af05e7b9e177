package dev.rollcall.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void text_alignsColumns() {
        Table table = new Table("title", "server", "CPU µs")
                .row("bare", "9.50")
                .row("rollcall", "11.25")
                .note("a note");

        assertThat(table.text()).isEqualTo("""
                        title
                        server     CPU µs
                        -----------------
                        bare         9.50
                        rollcall    11.25
                        a note
                        """);
    }

    @Test
    void row_refusesAnotherNumberOfCells() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Table("title", "a", "b").row("only one"));
    }
}
