package io.agentledger.gateway.support.problem;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.shared.IdentityRejection.IdentityRefused;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.Rejection.TooMany;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection.SessionEnded;
import io.agentledger.api.shared.SessionRejection.StaleEpoch;
import io.agentledger.gateway.SampleRejections;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses 409 name the call that resolves the conflict. */
class ConflictTest {
  private static final String CALL = "(?s).*\\b(GET|POST|PUT|PATCH|DELETE) /[a-z{].*";

  /** The text of a refusal of an identity belongs to its rule; nodes send epochs, not clients. */
  private static boolean isSentWithoutCall(Rejection rejection) {
    return rejection instanceof IdentityRefused || rejection instanceof StaleEpoch;
  }

  static Stream<Rejection> conflicts() {
    return SampleRejections.all().stream()
        .filter(rejection -> !isSentWithoutCall(rejection) && toProblem(rejection).status() == 409)
        .map(
            rejection ->
                rejection instanceof SessionEnded ? new SessionEnded("closed") : rejection);
  }

  private static Problem toProblem(Rejection rejection) {
    return ProblemMapper.toProblem(new RejectionException(rejection), "req_1");
  }

  @ParameterizedTest
  @MethodSource("conflicts")
  void conflictNamesTheCallThatResolvesIt(Rejection rejection) {
    assertThat(toProblem(rejection).detail()).matches(CALL);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "environments",
        "tool_groups",
        "policies",
        "hooks",
        "session_hooks",
        "shares",
        "side_requests",
        "mcp_servers"
      })
  void maximumIsASnakeCaseCodeWithTheCallThatMakesRoom(String resourceType) {
    var problem = toProblem(new TooMany(resourceType, 5));
    assertThat(problem.code()).matches("[a-z_]+");
    assertThat(problem.detail()).startsWith("There are 5 ").matches(CALL);
  }
}
