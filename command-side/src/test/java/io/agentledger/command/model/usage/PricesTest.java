package io.agentledger.command.model.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.command.model.usage.Cost.Basis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class PricesTest {
  private static final long MILLION = 1_000_000;
  private static final long DOLLAR = 1_000_000_000;
  private final Prices prices = Prices.loadShipped();

  @ParameterizedTest
  @CsvSource({
    "claude-opus-4-8, 5, 25", "claude-opus-4-7, 5, 25", "claude-opus-4-5-20251101, 5, 25",
    "claude-opus-4-1-20250805, 15, 75", "claude-opus-4-20250514, 15, 75", "claude-sonnet-5, 3, 15",
    "claude-sonnet-4-6, 3, 15", "claude-sonnet-4-5-20250929, 3, 15",
        "claude-sonnet-4-20250514, 3, 15",
    "claude-haiku-4-5-20251001, 1, 5", "claude-fable-5, 10, 50"
  })
  void millionTokensCostTheListPrice(String model, long input, long output) {
    Cost in = prices.cost(model, new TokenUsage(MILLION, 0, 0, 0, 0, 0, 0, false));
    Cost out = prices.cost(model, new TokenUsage(0, MILLION, 0, 0, 0, 0, 0, false));

    assertThat(in).isEqualTo(new Cost(input * DOLLAR, Basis.LISTED, "2026-11-20"));
    assertThat(out).isEqualTo(new Cost(output * DOLLAR, Basis.LISTED, "2026-11-20"));
  }

  @Test
  void cacheAndSearchesHaveTheirOwnPrices() {
    TokenUsage usage = new TokenUsage(0, 0, 1000, 100, 10, 1, 5, false);

    assertThat(prices.cost("claude-opus-4-8", usage).nanos())
        .isEqualTo(1000 * 500 + 100 * 6250 + 10 * 10_000 + 10_000_000);
  }

  @Test
  void fastModeHasItsOwnPrice() {
    assertThat(prices.cost("claude-opus-4-8", new TokenUsage(1, 1, 0, 0, 0, 0, 0, true)).nanos())
        .isEqualTo(60_000);
    assertThat(prices.cost("claude-opus-4-7", new TokenUsage(1, 1, 0, 0, 0, 0, 0, true)).nanos())
        .isEqualTo(180_000);
    assertThat(prices.cost("claude-sonnet-5", new TokenUsage(1, 1, 0, 0, 0, 0, 0, true)).nanos())
        .isEqualTo(18_000);
  }

  @ParameterizedTest
  @CsvSource({"claude-opus-9", "gpt-x", "''", "claude-opus-4-8-and-more"})
  void unlistedModelIsEstimatedAndNeverFree(String model) {
    Cost cost = prices.cost(model, new TokenUsage(1, 1, 0, 0, 0, 0, 0, false));

    assertThat(cost).isEqualTo(new Cost(90_000, Basis.FALLBACK, "2026-11-20"));
  }

  @Test
  void overflowIsAnErrorAndNotASmallAmount() {
    TokenUsage usage = new TokenUsage(Long.MAX_VALUE / 2, 0, 0, 0, 0, 0, 0, false);

    assertThatThrownBy(() -> prices.cost("claude-opus-4-8", usage))
        .isInstanceOf(ArithmeticException.class);
  }

  @Test
  void usageFieldsAreParsedAndLaterCountsReplaceEarlierOnes() {
    var json = new JsonMapper();
    TokenUsage start =
        TokenUsage.NONE.updatedBy(
            json.readTree(
                """
                {"input_tokens":10,"cache_creation_input_tokens":100,"cache_read_input_tokens":5,
                 "cache_creation":{"ephemeral_5m_input_tokens":60,"ephemeral_1h_input_tokens":40},
                 "output_tokens":1,"service_tier":"standard"}"""));
    TokenUsage end =
        start.updatedBy(
            json.readTree(
                "{\"output_tokens\":77,\"input_tokens\":12,\"server_tool_use\":{\"web_search_requests\":2}}"));

    assertThat(start).isEqualTo(new TokenUsage(10, 1, 5, 60, 40, 0, 0, false));
    assertThat(end).isEqualTo(new TokenUsage(12, 77, 5, 60, 40, 2, 0, false));
  }

  @Test
  void invalidCountsAreNeverNegativeOrParsedFromText() {
    TokenUsage usage =
        TokenUsage.NONE.updatedBy(
            new JsonMapper()
                .readTree(
                    "{\"input_tokens\":-5,\"output_tokens\":\"7\",\"cache_creation_input_tokens\":null}"));

    assertThat(usage).isEqualTo(TokenUsage.NONE);
  }

  @Test
  void operatorsTableIsReadAndAnErrorNamesTheFile(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("mine.yaml");
    String rates = "{input: 1, output: 2, cache_read: 0, cache_write_5m: 0, cache_write_1h: 0}";
    Files.writeString(
        file,
        "dated: mine\nsource: us\nweb_search: 0\nfallback: "
            + rates
            + "\nmodels: [{pattern: a.*, rates: "
            + rates
            + "}]");
    assertThat(Prices.load(file).cost("abc", new TokenUsage(3, 4, 0, 0, 0, 0, 0, false)))
        .isEqualTo(new Cost(11, Basis.LISTED, "mine"));

    Files.writeString(file, "dated: mine\nsource: us\nweb_search: 0\nmodels: []");
    assertThatThrownBy(() -> Prices.load(file))
        .hasMessageContaining("mine.yaml")
        .hasMessageContaining("fallback");
    Files.writeString(
        file, "dated: mine\nsource: us\nweb_search: 0\nfallback: {input: 1}\nmodels: []");
    assertThatThrownBy(() -> Prices.load(file)).hasMessageContaining("mine.yaml");
  }
}
