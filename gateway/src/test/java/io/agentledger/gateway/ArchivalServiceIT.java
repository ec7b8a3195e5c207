package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lists do not contain an object any more when its archival is answered. */
class ArchivalServiceIT {
  /** Without the wait for the read model, most of the lists contain the object. */
  private static final int REPETITIONS = 10;

  private static final ApiTestServer server = ApiTestServer.sharedService();

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "hooks; {'name': 'archived %d', 'point': 'PreToolUse', 'matcher': 'Bash',"
            + " 'target': {'type': 'built_in', 'service': 'audit'}}",
        "policies; {'name': 'archived %d', 'rules': []}",
        "tasks; {'name': 'archived %d', 'prompt': 'scenario: text'}",
        "vaults; {'name': 'archived %d'}",
      },
      quoteCharacter = '"')
  void archivedObjectIsNotListed(String resource, String body) {
    var path = "/api/v1/" + resource;
    for (int i = 0; i < REPETITIONS; i++) {
      var created = server.post(path, body.formatted(i).replace('\'', '"'));
      assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
      var id = ApiTestServer.json(created).path("id").asString();
      assertThat(server.get(path).body()).contains(id);
      var archived = server.send(server.request(path + "/" + id).DELETE());
      assertThat(archived.statusCode()).as(archived.body()).isEqualTo(204);
      assertThat(server.get(path).body()).doesNotContain(id);
    }
  }
}
