package io.agentledger.client.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.subscription.DeliveredEventType;
import io.agentledger.api.subscription.DeliveryId;
import io.agentledger.api.subscription.DeliveryStatus;
import io.agentledger.api.subscription.SubscriptionId;
import io.agentledger.api.subscription.SubscriptionQuery.DeliveryFilter;
import io.agentledger.api.subscription.SubscriptionStatus;
import io.agentledger.client.AgentledgerClient;
import io.agentledger.client.FakeService;
import io.agentledger.client.FakeService.CannedResponse;
import io.agentledger.client.SubscriptionJson;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests the client of subscriptions with a fake service. */
@Timeout(120)
class SubscriptionsClientTest {
  private static final String PATH = "/api/v1/subscriptions/" + SubscriptionJson.ID;
  private static final SubscriptionId ID = new SubscriptionId(SubscriptionJson.ID);
  private static final DeliveryId DELIVERY = new DeliveryId(SubscriptionJson.DELIVERY);

  private final FakeService service = new FakeService();
  private final AgentledgerClient client = AgentledgerClient.create(service.address());
  private final SubscriptionsClient subscriptions = client.subscriptions();

  @AfterEach
  void end() {
    client.close();
    service.close();
  }

  private void respond(String request, String body) {
    service.answer(request, received -> new CannedResponse(200, body));
  }

  @Test
  void rotatedSecretIsReturnedAndTheDefinitionReplacedByItsVersion() {
    respond(
        "POST " + PATH + "/rotate-secret",
        SubscriptionJson.subscription("active", "\"whsec_new\""));
    assertThat(subscriptions.rotateSecret(ID, Duration.ofHours(1)).signingSecret())
        .isEqualTo("whsec_new");
    assertThat(service.requests("POST " + PATH + "/rotate-secret").getFirst().body())
        .isEqualTo("{\"overlap_seconds\":3600}");

    respond("PUT " + PATH, SubscriptionJson.subscription("active", "null"));
    var definition = new NewSubscription("CI", List.of("run.*"), "https://a.example/", null);
    assertThat(subscriptions.change(ID, definition, 3).status())
        .isEqualTo(SubscriptionStatus.ACTIVE);
    assertThat(service.requests("PUT " + PATH).getFirst().body())
        .isEqualTo("{\"name\":\"CI\",\"event_types\":[\"run.*\"],\"url\":\"https://a.example/\"}");
  }

  @Test
  void deliveriesAreFilteredAndReadWithTheirAttempts() {
    respond("GET " + PATH + "/deliveries", "{\"items\":[],\"next_cursor\":null}");
    var filter = new DeliveryFilter(DeliveryStatus.DEAD, DeliveredEventType.RUN_COMPLETED);
    subscriptions.deliveries(ID, filter, new PageRequest(5, "a+b"));
    assertThat(service.requests("GET " + PATH + "/deliveries").getFirst().path())
        .endsWith("?limit=5&cursor=a%2Bb&status=dead&event_type=run.completed");

    respond("GET " + PATH + "/deliveries/" + DELIVERY, SubscriptionJson.delivery());
    var delivery = subscriptions.findDelivery(ID, DELIVERY);
    assertThat(delivery.eventType()).isEqualTo(DeliveredEventType.RUN_COMPLETED);
    assertThat(delivery.attempts()).hasSize(1);
  }
}
