package io.agentledger.command.model.usage;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.agentledger.command.model.usage.Cost.Basis;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Dated price table with the prices of each model's tokens in whole nano-dollars. The fallback
 * price applies to models that are not listed, and the cost is marked so; no model is free.
 */
public final class Prices {
  private static final String SHIPPED = "/model/prices-2026-11-20.yaml";
  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  private final String tableDate;
  private final long webSearch;
  private final Rates fallback;
  private final List<Listed> listed;

  private Prices(Table table) {
    this.tableDate = table.dated();
    this.webSearch = table.webSearch();
    this.fallback = table.fallback();
    this.listed = table.models().stream().map(Listed::from).toList();
  }

  /** Loads the table that ships with this version. */
  public static Prices loadShipped() {
    try (InputStream in = Prices.class.getResourceAsStream(SHIPPED)) {
      if (in == null)
        throw new IllegalStateException("price table " + SHIPPED + " is not packaged");
      return read(SHIPPED, in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Loads the operator's own table, which has the same format. */
  public static Prices load(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return read(file.toString(), in);
    } catch (IOException e) {
      throw new UncheckedIOException("price table " + file + " cannot be read", e);
    }
  }

  private static Prices read(String name, InputStream in) {
    try {
      Table table = YAML.readValue(in, Table.class);
      if (table.complete()) return new Prices(table);
      throw new IllegalStateException(
          "price table " + name + " lacks dated, source, fallback or models");
    } catch (JacksonException e) {
      throw new IllegalStateException("price table " + name + ": " + e.getMessage(), e);
    }
  }

  /** Returns the date of the table, which every cost contains. */
  public String date() {
    return tableDate;
  }

  /** Returns the cost of the usage. */
  public Cost cost(String model, TokenUsage usage) {
    for (Listed candidate : listed) {
      if (candidate.pattern().matcher(model).matches()) {
        Rates fast = candidate.fast();
        Rates rates = usage.fast() && fast != null ? fast : candidate.rates();
        return new Cost(nanos(rates, usage), Basis.LISTED, tableDate);
      }
    }
    return new Cost(nanos(fallback, usage), Basis.FALLBACK, tableDate);
  }

  /** Computes exactly: every factor is a whole number, and an overflow is an error. */
  private long nanos(Rates rates, TokenUsage usage) {
    long sum = Math.multiplyExact(usage.inputTokens(), rates.input());
    sum = Math.addExact(sum, Math.multiplyExact(usage.outputTokens(), rates.output()));
    sum = Math.addExact(sum, Math.multiplyExact(usage.cacheReadTokens(), rates.cacheRead()));
    sum = Math.addExact(sum, Math.multiplyExact(usage.cacheWriteTokens(), rates.cacheWrite5m()));
    sum =
        Math.addExact(sum, Math.multiplyExact(usage.longCacheWriteTokens(), rates.cacheWrite1h()));
    return Math.addExact(sum, Math.multiplyExact(usage.webSearches(), webSearch));
  }

  /** Prices in nano-dollars per token: one dollar per million tokens is 1,000. */
  record Rates(
      long input,
      long output,
      long cacheRead,
      @JsonProperty("cache_write_5m") long cacheWrite5m,
      @JsonProperty("cache_write_1h") long cacheWrite1h) {}

  record Model(String pattern, Rates rates, @Nullable Rates fast) {}

  record Table(String dated, String source, long webSearch, Rates fallback, List<Model> models) {
    boolean complete() {
      return Stream.of(dated, source, fallback, models).allMatch(Objects::nonNull);
    }
  }

  private record Listed(Pattern pattern, Rates rates, @Nullable Rates fast) {
    static Listed from(Model model) {
      return new Listed(Pattern.compile(model.pattern()), model.rates(), model.fast());
    }
  }
}
