package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HexFormat;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.JsonNode;

/** Triggers with secrets, and requests in the shape of GitHub's webhooks. */
public record WebhookFixture(ApiTestServer server) {
  static final Duration TIMEOUT = Duration.ofMinutes(3);
  public static final String TRIGGERS = "/api/v1/triggers";
  public static final String SECRET = "It's a secret to everybody";

  public static JsonNode assertStatus(HttpResponse<String> response, int status) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return ApiTestServer.json(response);
  }

  public JsonNode get(String path) {
    return assertStatus(server.get(path), 200);
  }

  public JsonNode post(String path, String body, int status) {
    return assertStatus(server.post(path, body), status);
  }

  /** Creates a task and returns its id. */
  public String task(String fields) {
    return post("/api/v1/tasks", "{\"name\": \"Answer\", " + fields + "}", 201)
        .path("id")
        .asString();
  }

  /** Stores a secret and returns its reference. */
  public String secret(String value) {
    var vault = post("/api/v1/vaults", "{\"name\": \"" + UUID.randomUUID() + "\"}", 201);
    var id = vault.path("id").asString();
    var body =
        "{\"type\": \"environment_variable\", \"variable\": \"WEBHOOK\", \"value\": \"%s\"}"
            .formatted(value);
    var response =
        server.send(
            server
                .request("/api/v1/vaults/" + id + "/secrets/webhook")
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(body)));
    assertThat(response.statusCode()).as(response.body()).isBetween(200, 299);
    return "{\"vault_id\": \"%s\", \"name\": \"webhook\"}".formatted(id);
  }

  /** Creates a trigger of GitHub with the secret. */
  JsonNode gitHubTrigger(String task, String fields) {
    return post(
        TRIGGERS,
        """
        {"name": "Issues", "provider": "github", "task_id": "%s",
         "signature": {"scheme": "github", "secrets": [%s]} %s}"""
            .formatted(task, secret(SECRET), fields),
        201);
  }

  static String comment(int issue, String text) {
    var body = new tools.jackson.databind.json.JsonMapper().writeValueAsString(text);
    return """
    {"action": "created", "repository": {"full_name": "octo/hello"},
     "issue": {"number": %d, "title": "It fails", "body": "It does."},
     "comment": {"id": %d, "body": %s, "author_association": "OWNER",
       "html_url": "https://github.com/octo/hello/issues/%d#issuecomment-1"},
     "sender": {"login": "ada"}}"""
        .formatted(issue, System.nanoTime(), body, issue);
  }

  static String signature(String body) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return "sha256="
          + HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Creates a request without a signature. */
  public HttpRequest.Builder webhook(String path, String body) {
    return HttpRequest.newBuilder(server.uri(path))
        .timeout(Duration.ofSeconds(60))
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body));
  }

  HttpRequest.Builder gitHubWebhook(JsonNode trigger, String body, String delivery) {
    return gitHubWebhook(trigger, "issue_comment", body, delivery);
  }

  /** Creates a signed request. */
  public HttpRequest.Builder gitHubWebhook(
      JsonNode trigger, String event, String body, String delivery) {
    return webhook(trigger.path("path").asString(), body)
        .header("X-GitHub-Event", event)
        .header("X-GitHub-Delivery", delivery)
        .header("X-Hub-Signature-256", signature(body));
  }

  /** Creates a request that GitHub's own package signs. */
  public HttpRequest.Builder octokitWebhook(JsonNode trigger, String event, String body)
      throws Exception {
    var file = Files.createTempFile("webhook", ".json");
    try {
      var request =
          webhook(trigger.path("path").asString(), body)
              .header("X-GitHub-Event", event)
              .header("X-GitHub-Delivery", UUID.randomUUID().toString());
      for (var line : NodeScript.sign("github", SECRET, Files.writeString(file, body))) {
        int colon = line.indexOf(": ");
        request.header(line.substring(0, colon), line.substring(colon + 2));
      }
      return request;
    } finally {
      Files.delete(file);
    }
  }

  /** Sends a webhook that is accepted, and returns the path of the delivery. */
  String deliver(JsonNode trigger, String body) {
    var request = gitHubWebhook(trigger, body, UUID.randomUUID().toString());
    var receipt = assertStatus(server.send(request), 202);
    return deliveryPath(trigger, receipt);
  }

  public static String deliveryPath(JsonNode trigger, JsonNode receipt) {
    return TRIGGERS
        + "/"
        + trigger.path("id").asString()
        + "/deliveries/"
        + receipt.path("delivery_id").asString();
  }

  public JsonNode awaitStatus(String path, String status) {
    return await()
        .atMost(TIMEOUT)
        .until(() -> get(path), found -> found.path("status").asString().equals(status));
  }

  /** Waits until the execution of a delivery has the status. */
  JsonNode awaitExecution(String deliveryPath, String status) {
    var delivery = awaitStatus(deliveryPath, "queued");
    var execution = "/api/v1/executions/" + delivery.at("/outcome/execution_id").asString();
    return awaitStatus(execution, status);
  }
}
