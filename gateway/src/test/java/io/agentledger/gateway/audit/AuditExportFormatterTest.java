package io.agentledger.gateway.audit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuditExportFormatterTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "plain | \"plain\"",
        "=1+1 | \"'=1+1\"",
        "@SUM(A1) | \"'@SUM(A1)\"",
        "\uFF1D1+1 | \"'\uFF1D1+1\"",
        "a\",=1 | \"a\"\",=1\"",
        "x;=cmd!A0;y | \"x;'=cmd!A0;y\"",
        "x;-y;+z | \"x;'-y;'+z\"",
        "a-b=c | \"a-b=c\"",
        "`` | ``"
      })
  void formulasAreText(String text, String cell) {
    assertThat(AuditExportFormatter.escapeCell(text)).isEqualTo(cell);
  }
}
