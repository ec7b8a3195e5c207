package io.agentledger.command.report;

import io.agentledger.api.cost.CostQuery.CostFilter;
import io.agentledger.api.cost.CostQuery.GroupBy;
import io.agentledger.api.cost.CostQuery.ListCosts;
import io.agentledger.api.cost.CostView;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.model.Usage;
import io.agentledger.api.report.ReportSubject.UsageAndCosts;
import io.agentledger.api.shared.Money;
import io.agentledger.command.report.document.Fact;
import io.agentledger.command.report.document.ReportBlock.Column;
import io.agentledger.command.report.document.ReportBlock.Facts;
import io.agentledger.command.report.document.ReportBlock.Table;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes usage and costs of a period, and their total. */
record UsageWriter(ReportDraft draft) {

  /** Sum of the rows so far. */
  private static final class Total {
    private long groups;
    private long turns;
    private Usage usage = Usage.ZERO;
    private Money cost = Money.ZERO;
    private boolean isCostKnown = true;

    void add(CostView row) {
      groups++;
      turns += row.turns();
      usage = usage.plus(row.usage());
      cost = cost.plus(row.costUsd());
      isCostKnown &= row.costKnown();
    }
  }

  void write(UsageAndCosts subject) throws IOException {
    var user = subject.users().isEmpty() ? null : subject.users().getFirst();
    draft.start(
        "Usage and costs",
        subject.from() + " to " + subject.to(),
        List.of(
            new Fact("From", subject.from()),
            new Fact("To", subject.to()),
            new Fact("Days in", "UTC"),
            new Fact("By", nameOf(subject.groupBy())),
            new Fact("User", user == null ? "all that the requester may see" : user.value()),
            new Fact("Name of the user", user == null ? null : draft.reader().nameOf(user))));
    writeTable(subject, user);
  }

  /** Writes the sections of a report that has started. */
  void writeTable(UsageAndCosts subject, @Nullable UserId user) throws IOException {
    var filter = CostFilter.ALL.withDays(subject.from(), subject.to()).withUser(user);
    var reader = draft.reader();
    var total = new Total();
    draft.section("usage", "Usage by " + nameOf(subject.groupBy()));
    draft.add(
        new Table(
            columns(subject.groupBy()),
            () ->
                reader
                    .pages(
                        page -> new ListCosts(reader.tenant(), subject.groupBy(), filter, page),
                        CostView.class)
                    .peek(
                        row -> {
                          total.add(row);
                          draft.progress().set("usage", 0, 0);
                        })
                    .map(row -> row(subject.groupBy(), row))
                    .iterator()));
    draft.section("total", "Total");
    draft.add(new Facts(facts(total)));
  }

  private static String nameOf(GroupBy groupBy) {
    return groupBy.name().toLowerCase(Locale.ROOT);
  }

  private static List<Column> columns(GroupBy groupBy) {
    var by = nameOf(groupBy);
    var columns = new ArrayList<Column>();
    columns.add(
        new Column(by, by.substring(0, 1).toUpperCase(Locale.ROOT) + by.substring(1), false));
    if (groupBy == GroupBy.USER) columns.add(Column.secondary("name", "Name"));
    columns.addAll(
        List.of(
            new Column("turns", "Turns", true),
            new Column("input_tokens", "Input tokens", true),
            new Column("output_tokens", "Output tokens", true),
            new Column("cache_read_tokens", "Cache read", true),
            new Column("cache_write_tokens", "Cache write", true),
            new Column("cost_usd", "Cost (USD)", true),
            new Column("cost_known", "Price known", false)));
    return columns;
  }

  private List<@Nullable Object> row(GroupBy groupBy, CostView row) {
    var values = new ArrayList<@Nullable Object>();
    values.add(row.key());
    if (groupBy == GroupBy.USER) values.add(draft.reader().nameOf(new UserId(row.key())));
    var usage = row.usage();
    Collections.addAll(
        values,
        row.turns(),
        usage.inputTokens(),
        usage.outputTokens(),
        usage.cacheReadTokens(),
        usage.cacheWriteTokens() + usage.longCacheWriteTokens(),
        new BigDecimal(row.costUsd().usd()),
        row.costKnown());
    return values;
  }

  private static List<Fact> facts(Total total) {
    return List.of(
        new Fact("Rows", total.groups),
        new Fact("Turns", total.turns),
        new Fact("Input tokens", total.usage.inputTokens()),
        new Fact("Output tokens", total.usage.outputTokens()),
        new Fact("Cache read", total.usage.cacheReadTokens()),
        new Fact(
            "Cache write", total.usage.cacheWriteTokens() + total.usage.longCacheWriteTokens()),
        new Fact("Cost in US dollars", new BigDecimal(total.cost.usd())),
        new Fact("Price of every turn known", total.isCostKnown));
  }
}
