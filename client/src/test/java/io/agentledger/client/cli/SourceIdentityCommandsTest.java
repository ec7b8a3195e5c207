package io.agentledger.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.client.FakeService.CannedResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests the commands about identities at providers. */
@Timeout(120)
class SourceIdentityCommandsTest extends CliFixture {
  private static final String PATH = "/api/v1/source-identities";
  private static final String ID = "sid_aaaaaaaaaa";
  private static final String USER = "usr_aaaaaaaaaa";
  private static final String IDENTITY =
      """
      {"id":"%s","provider":"github","account_id":"583231","user_id":"%s",
       "created_at":"2026-11-24T09:00:00Z"}"""
          .formatted(ID, USER);

  private void respond(String request, int status, String body) {
    service.answer(request, received -> new CannedResponse(status, body));
  }

  @Test
  void identitiesAreListedAndShown() {
    respond("GET " + PATH, 200, "{\"items\":[" + IDENTITY + "],\"next_cursor\":null}");
    respond("GET " + PATH + "/" + ID, 200, IDENTITY);
    assertThat(runCli("", "source-identities")).isEqualTo(ExitCode.OK);
    assertThat(shown()).contains(ID, "github", "583231", USER);
    assertThat(runCli("", "source-identities", "show", ID)).isEqualTo(ExitCode.OK);
    respond("GET " + PATH, 200, "{\"items\":[],\"next_cursor\":null}");
    assertThat(runCli("", "source-identities", "list")).isEqualTo(ExitCode.OK);
    assertThat(shown()).contains("no identities");
  }

  @Test
  void identitiesAreMappedAndRemoved() {
    respond("POST " + PATH, 201, IDENTITY);
    respond("DELETE " + PATH + "/" + ID, 204, "");
    assertThat(runCli("", "source-identities", "map", "github", "583231", USER))
        .isEqualTo(ExitCode.OK);
    assertThat(service.requests("POST " + PATH).getLast().body())
        .contains(
            "\"provider\":\"github\"", "\"account_id\":\"583231\"", "\"user_id\":\"" + USER + "\"");
    assertThat(runCli("", "source-identities", "remove", ID)).isEqualTo(ExitCode.OK);
    assertThat(service.requests("DELETE " + PATH + "/" + ID)).hasSize(1);
    assertThat(shown()).contains(ID + " is removed");
    assertThat(runCli("", "source-identities", "map", "gitlab", "1", USER))
        .isEqualTo(ExitCode.USAGE);
  }
}
