package io.agentledger.gateway;

import static io.agentledger.gateway.WebhookFixture.assertStatus;
import static io.agentledger.gateway.WebhookFixture.comment;
import static io.agentledger.gateway.WebhookFixture.deliveryPath;
import static org.awaitility.Awaitility.await;

import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.StreamingEventProcessor;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

class WebhookDuringReplayIT {
  private static final ApiTestServer server = ApiTestServer.sharedService();
  private static final WebhookFixture webhooks = new WebhookFixture(server);

  @Test
  void webhookDuringAReplayOfTheTasksIsProcessedAfterIt() {
    var trigger =
        webhooks.gitHubTrigger(
            webhooks.task("\"prompt\": \"hello\""), ", \"commands\": [{\"name\": \"fix\"}]");
    var tasks =
        server
            .bean(EventProcessingConfiguration.class)
            .eventProcessor("task", StreamingEventProcessor.class)
            .orElseThrow();
    tasks.shutDown();
    JsonNode receipt;
    try {
      server.bean(TransactionManager.class).executeInTransaction(tasks::resetTokens);
      receipt =
          assertStatus(
              server.send(webhooks.gitHubWebhook(trigger, comment(8, "@agent fix"), "replay")),
              202);
      var delivery = receipt.path("delivery_id").asString();
      await().until(() -> triesOf(delivery) > 0);
    } finally {
      tasks.start();
    }
    webhooks.awaitExecution(deliveryPath(trigger, receipt), "succeeded");
  }

  private static int triesOf(String delivery) {
    return server
        .bean(JdbcClient.class)
        .sql("select tries from inbound_delivery where delivery_id = ?")
        .param(delivery)
        .query(Integer.class)
        .single();
  }
}
