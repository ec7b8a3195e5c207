package io.agentledger.api.permission;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Page of results of rules evaluated against recorded tool calls. The counts refer to this page:
 * denied, asked, allowed, unmatched and unreadable calls add up to the evaluated ones.
 *
 * @param noMatch calls that no rule matches
 * @param unreadable calls whose input was erased or lost
 * @param differences calls whose recorded decision differs, newest first
 * @param nextCursor cursor of older calls; null if there are none
 */
public record DryRunView(
    int evaluated,
    int denied,
    int asked,
    int allowed,
    int noMatch,
    int unreadable,
    List<Difference> differences,
    @Nullable String nextCursor) {

  /**
   * A call for which these rules alone would decide differently.
   *
   * @param previousVerdict recorded decision and its reason
   * @param newEffect effect of the matching rule
   */
  public record Difference(
      SessionId sessionId,
      ToolCallId toolCallId,
      String tool,
      Instant calledAt,
      Verdict previousVerdict,
      String previousRule,
      Effect newEffect,
      String rule,
      String reason) {}
}
