package io.agentledger.command.claude.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.event.ActionEvent.Decision;
import io.agentledger.api.session.event.ActionEvent.PermissionRequested;
import io.agentledger.api.session.event.OutputEvent.CallStatus;
import io.agentledger.api.session.event.OutputEvent.IncidentNoted;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.OutputEvent.ToolReturned;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.TurnEvent.TurnFinished;
import io.agentledger.api.shared.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The real CLI searches the web at the model's API, if the session may. */
class WebSearchRunIT extends RunnerTestSupport {
  private static final String SEARCH =
      """
      ```rehearsal
      - calls:
          - tool: WebSearch
            input: {query: "weather in Bern", allowed_domains: [weather.example]}
      - say: "It said: {{last}}"
      ```
      """;

  private static RunOverrides allowed(PermissionMode mode, String... tools) {
    return new RunOverrides(null, mode, List.of(tools), null, null, null);
  }

  @Test
  void allowedSearchIsMadeAtTheModelsApiAndCounted() {
    open(allowed(null, "WebSearch"));
    submitQuery(SEARCH);

    assertThat(result(awaitEvent(RunCompleted.class)))
        .contains("Rehearsed page 1 about weather in Bern", "https://weather.example/");
    assertThat(events(ToolCalled.class))
        .singleElement()
        .satisfies(
            called -> {
              assertThat(called.verdict()).isEqualTo(Verdict.ALLOWED);
              assertThat(called.rule()).isEqualTo("allowed by WebSearch");
            });
    assertThat(events(ToolReturned.class))
        .singleElement()
        .satisfies(returned -> assertThat(returned.status()).isEqualTo(CallStatus.RETURNED));
    assertThat(events(TurnFinished.class)).hasSize(3);
    assertThat(events(IncidentNoted.class)).isEmpty();
  }

  @Test
  void searchIsAskedAboutByDefaultAndMadeWithTheInputThatWasAllowed() {
    open();
    submitQuery(SEARCH);
    var request = awaitEvent(PermissionRequested.class);
    assertThat(request.tool()).isEqualTo("WebSearch");
    submitInput(
        new Input.Decide(
            request.actionId(),
            Decision.ALLOW,
            null,
            new Json("{\"query\":\"weather in Basel\"}"),
            null));

    assertThat(result(awaitEvent(RunCompleted.class)))
        .contains("Rehearsed page 1 about weather in Basel");
  }

  @Test
  void searchIsDeniedWhereNobodyCanBeAsked() {
    open(allowed(PermissionMode.DONT_ASK, "@default"));
    submitQuery(SEARCH);

    assertThat(result(awaitEvent(RunCompleted.class))).doesNotContain("Rehearsed page");
    assertThat(events(ToolCalled.class))
        .singleElement()
        .satisfies(called -> assertThat(called.verdict()).isEqualTo(Verdict.DENIED));
    assertThat(events(TurnFinished.class)).hasSize(2);
  }
}
