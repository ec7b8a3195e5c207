package io.agentledger.command.flow;

import io.agentledger.api.flow.FlowId;
import io.agentledger.api.flow.TestVerdict;
import io.agentledger.api.shared.Money;
import io.agentledger.command.flow.provider.SafeMarkdown;
import java.util.Objects;

/**
 * Comment that shows the present stage of a flow. Texts that agents, users or providers wrote are
 * in code blocks, so that they contain no mentions, links or images, and are shortened to {@value
 * #TEXT_LENGTH_MAX} characters.
 */
final class FlowComment {
  static final int TEXT_LENGTH_MAX = 10_000;
  private static final int FENCE_MIN = 3;

  private final FlowState flow;
  private final String publicUrl;

  /**
   * @param publicUrl base URL of the service; empty if it has none
   */
  FlowComment(FlowState flow, String publicUrl) {
    this.flow = flow;
    this.publicUrl = publicUrl;
  }

  /** Returns the hidden text by which a comment of a flow is recognized. */
  static String markerOf(FlowId flow) {
    return "<!-- agentledger:" + flow + " -->";
  }

  /**
   * Returns the text.
   *
   * @param result of the work; empty for none
   * @param cost up to now
   */
  String toMarkdown(String result, Money cost) {
    var text = new StringBuilder("**Agentledger** · ").append(title()).append("\n\n");
    var failure = flow.failure();
    if (failure != null)
      text.append('`').append(failure.code()).append("`\n").append(quoted(failure.message()));
    var reason = flow.reason();
    if (reason != null) text.append("Reason of the decision:\n").append(quoted(reason));
    var pullRequest = flow.pullRequest();
    if (pullRequest != null) text.append("Pull request: ").append(pullRequest.url()).append("\n\n");
    else if (flow.branch() != null && !isEndedWithoutSuccess())
      text.append("Branch: `").append(flow.branch()).append("`\n\n");
    if (flow.tests() == TestVerdict.PASSED) text.append("The tests passed.\n\n");
    if (!result.isBlank()) text.append("Result:\n").append(quoted(result));
    var plan = flow.plan();
    if (plan != null) text.append("Plan:\n").append(quoted(plan));
    return text.append("Flow ")
        .append(link())
        .append(" · cost ")
        .append(cost)
        .append(" US dollars")
        .toString();
  }

  private String title() {
    return switch (flow.status()) {
      case PLANNING -> "planning";
      case AWAITING_APPROVAL ->
          "the plan is ready, and waits for a decision until "
              + Objects.requireNonNull(flow.decideUntil())
              + ".\n\nRun `agentledger flows approve "
              + flow.flowId()
              + "`, or `reject` in its place. "
              + commandsOfComments();
      case EXECUTING -> "working";
      case PUBLISHING -> "publishing the changes";
      case SUCCEEDED -> "done";
      case REJECTED -> "the plan was rejected";
      case FAILED -> "failed";
      case CANCELLED -> "cancelled";
      case TIMED_OUT -> "ended, because nobody decided about the plan in time";
    };
  }

  /** An invisible character in the prefix, which prevents a mention, is ignored in commands. */
  private String commandsOfComments() {
    var prefix = flow.definition().commandPrefix();
    if (prefix == null) return "Comments do not decide.";
    var command = prefix.replace('`', '\'');
    return "Users whose account here is known to the service can also comment `"
        + command
        + " approve "
        + flow.flowId()
        + "`, or `reject` in its place, and a reason.";
  }

  private boolean isEndedWithoutSuccess() {
    return switch (flow.status()) {
      case REJECTED, FAILED, CANCELLED, TIMED_OUT -> true;
      default -> false;
    };
  }

  private String link() {
    var id = "`" + flow.flowId() + "`";
    return publicUrl.isEmpty()
        ? id
        : "[" + id + "](" + publicUrl + "/api/v1/flows/" + flow.flowId() + ")";
  }

  /**
   * Returns a code block whose fence is longer than every one in the text, without what is removed
   * from comments later.
   */
  static String quoted(String unsafe) {
    var text = SafeMarkdown.of(unsafe);
    var shown =
        text.length() <= TEXT_LENGTH_MAX
            ? text
            : text.substring(0, TEXT_LENGTH_MAX) + "\n[shortened: the service has the whole text]";
    int longest = 0;
    int length = 0;
    for (int i = 0; i < shown.length(); i++) {
      length = shown.charAt(i) == '`' ? length + 1 : 0;
      longest = Math.max(longest, length);
    }
    var fence = "`".repeat(Math.max(FENCE_MIN, longest + 1));
    return fence + "text\n" + shown + "\n" + fence + "\n\n";
  }
}
