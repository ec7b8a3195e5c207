package io.agentledger.command.mcp.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.util.List;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each kind of failure of an MCP server has a text of its own, without secrets. */
class ServerEvidenceTest {
  private final ServerEvidence evidence =
      new ServerEvidence(text -> text.replace("s3cret", "[hidden]"));

  private String describeProgram(String... lines) {
    List.of(lines).forEach(evidence::recordErrorLine);
    return evidence.describeEnd();
  }

  @Test
  void endedProgramIsQuotedWithItsExitStatus() {
    assertThat(describeProgram("starting", "no key", "agentledger: exit status 7"))
        .isEqualTo("its program has ended with exit status 7: no key");
  }

  @Test
  void lineThatNamesAnErrorIsPreferred() {
    assertThat(describeProgram("Error: Cannot find module 'x'", "    at main", "Node.js v22.1.0"))
        .isEqualTo("its program has ended: Error: Cannot find module 'x'");
  }

  @Test
  void quoteHasNoControlCharactersAndNoSecrets() {
    assertThat(describeProgram("\u001b[31mkey s3cret\u0007 refused\u202e"))
        .isEqualTo("its program has ended: [31mkey [hidden] refused");
  }

  @Test
  void quoteIsBounded() {
    assertThat(describeProgram("x".repeat(100_000))).hasSizeLessThan(400).endsWith("…");
  }

  @Test
  void silentEndIsNamed() {
    assertThat(describeProgram("", "agentledger: exit status forged"))
        .isEqualTo("its program has ended; it wrote no error");
  }

  @Test
  void argumentOutsideOfTheProgramsNamesTheSetting() {
    evidence.recordUnpermittedPath("/opt/x/server.js");
    assertThat(describeProgram("Error: Cannot find module '/opt/x/server.js'"))
        .endsWith("; /opt/x/server.js is in no directory of the setting agentledger.mcp.programs");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "401 | text/html | it requires a valid credential (HTTP status 401): check the secret in"
            + " its headers",
        "403 | '' | its credential is not sufficient (HTTP status 403)",
        "503 | '' | it responded with HTTP status 503",
        "200 | text/html | it does not speak MCP at this address: it responded with HTTP status"
            + " 200 and the type text/html",
        "404 | 'a b' | it does not speak MCP at this address: it responded with HTTP status 404",
      })
  void responsesAreTold(int status, String type, String text) {
    evidence.recordResponse(status, type);
    assertThat(evidence.describe(new IllegalStateException("anything"))).isEqualTo(text);
  }

  @Test
  void pageInsteadOfAMessageIsToldThoughItsClientTimesOut() {
    var late = new RuntimeException(new TimeoutException());
    evidence.recordResponse(200, "text/html");
    assertThat(evidence.describe(late)).startsWith("it does not speak MCP at this address");
    evidence.recordInitialized();
    assertThat(evidence.describe(late)).isEqualTo("it did not respond in time");
    evidence.recordResponse(401, "");
    assertThat(evidence.describe(late)).startsWith("it requires a valid credential");
  }

  @Test
  void lineThatIsNotJsonIsTold() {
    evidence.recordInvalidLine();
    assertThat(evidence.describeEnd())
        .isEqualTo("it does not speak MCP: its program wrote a line that is not JSON");
  }

  @Test
  void networkFailuresAreToldInWords() {
    assertThat(evidence.describe(new RuntimeException(new ConnectException("10.0.0.1:80"))))
        .isEqualTo("its address cannot be reached: the connection was refused");
    assertThat(evidence.describe(new SSLHandshakeException("PKIX")))
        .isEqualTo("its address cannot be reached: the TLS connection failed");
    assertThat(evidence.describe(new IOException("reset")))
        .isEqualTo("its address cannot be reached: the connection was closed without a response");
    assertThat(evidence.describe(new RuntimeException(new TimeoutException())))
        .isEqualTo("it did not respond in time");
  }
}
