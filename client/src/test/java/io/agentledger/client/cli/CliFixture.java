package io.agentledger.client.cli;

import io.agentledger.client.FakeService;
import io.agentledger.client.FakeService.CannedResponse;
import io.agentledger.client.StreamItemJson;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** The terminal program with a fake service and a user who types answers. */
abstract class CliFixture {
  static final String INPUTS = "POST /api/v1/sessions/" + FakeService.SESSION + "/inputs";

  final FakeService service = new FakeService();
  final ByteArrayOutputStream out = new ByteArrayOutputStream();
  final ByteArrayOutputStream err = new ByteArrayOutputStream();
  final Map<String, String> environment = new HashMap<>();
  InputStream in = new ByteArrayInputStream(new byte[0]);

  @TempDir Path folder;

  CliFixture() {
    environment.put("AGENTLEDGER_URL", service.address().toString());
    environment.put("AGENTLEDGER_KEY", FakeService.KEY);
  }

  @AfterEach
  void end() {
    service.close();
  }

  void decisionEndsTheRun() {
    service.answer(
        INPUTS,
        request -> {
          if (request.body().contains("action_id"))
            service.send(
                StreamItemJson.decided(3, "allow"),
                StreamItemJson.result(4, "completed", false, "Done."));
          return new CannedResponse(
              202, StreamItemJson.receipt(1, request.body().contains("\"prompt\"")));
        });
  }

  /** Sets the answers to questions; each one is typed when its question has been printed. */
  void answer(String... lines) {
    in = new TypedAnswers(this::shown, lines);
  }

  void pipe(String text) {
    in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  int runCli(String terminal, String... arguments) {
    return AgentledgerCli.run(cliEnvironment(terminal), arguments);
  }

  CliEnvironment cliEnvironment(String terminal) {
    return new CliEnvironment(
        Map.copyOf(environment),
        in,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        terminal,
        folder);
  }

  String shown() {
    return out.toString(StandardCharsets.UTF_8);
  }
}
