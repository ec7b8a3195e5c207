package io.agentledger.gateway.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.gateway.support.problem.InvalidRequestException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Targets are stored and shown in clear, so credentials are refused. */
class HookTargetRequestTest {
  private static final String URL = "https://hooks.example.com/";
  private static final String TOKEN =
      "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N";

  @ParameterizedTest
  @CsvSource({
    "X-Team, AKIA, AAAAAAAAAAAAAAAA, an AWS key",
    "X-Team, glpat-, AAAAAAAAAAAAAAAAAAAA, a GitLab token",
    "X-Api-Key, x, x, a credential"
  })
  void credentialInAHeaderIsRefused(String name, String prefix, String rest, String what) {
    var target = new HookTargetRequest.Http(URL, Map.of(name, prefix + rest), null, null);
    assertThatThrownBy(() -> target.toTarget("/target"))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e -> {
              assertThat(e.errors().getFirst().pointer()).isEqualTo("/target/headers/" + name);
              assertThat(e.errors().getFirst().detail()).contains(what, "store it in a vault");
            });
  }

  @Test
  void credentialInTheUrlIsRefused() {
    var target = new HookTargetRequest.Http(URL + "?t=" + TOKEN, null, null, null);
    assertThatThrownBy(() -> target.toTarget("/target"))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e -> assertThat(e.errors().getFirst().pointer()).isEqualTo("/target/url"));
  }

  @Test
  void ordinaryHeadersAreAccepted() {
    var target = new HookTargetRequest.Http(URL, Map.of("X-Team", "core"), null, null);
    assertThat(target.toTarget("/target")).isNotNull();
  }
}
