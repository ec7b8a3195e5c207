package io.agentledger.gateway.service;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.gateway.MessagingServer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Bursts of many contacts at once: each message is kept once and in order, and a burst is one call
 * of the agent, also if the service is killed ({@code kill -9}) meanwhile. {@code
 * -Dtest.chats=1000} has as many contacts as the service must hold; {@code -Dtest.service.c2
 * -Dtest.warm-up-chats=1000} measures a service whose code is compiled.
 */
@Tag("exhaustive")
class ChatFloodIT {
  private static final int CHATS = Integer.getInteger("test.chats", 100);
  private static final int WARM_UP = Integer.getInteger("test.warm-up-chats", 20);
  private static final int PER_SECOND = Integer.getInteger("test.messages-per-second", 200);
  private static final int BURST = 3;
  private static final Duration TIMEOUT = Duration.ofMinutes(5);
  private static final Duration RETRY_DELAY = Duration.ofMillis(500);
  private static final byte[] KEY = "a secret of 24 bytes or more".getBytes(StandardCharsets.UTF_8);
  private static final JsonMapper JSON = JsonMapper.shared();

  @TempDir private static Path directory;
  private static MessagingServer messaging;
  private static ServiceProcess service;
  private static RawApiClient api;
  private static final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @BeforeAll
  static void open() throws Exception {
    messaging = new MessagingServer();
    service =
        ServiceProcess.start(
            directory.resolve("home"),
            "--agentledger.outbound.allowed-networks=127.0.0.1/32",
            "--agentledger.outbound.ports=" + messaging.port());
    api = service.client();
    var path = "/warm-up";
    new Contacts(channel(path)).write(WARM_UP);
    await().atMost(TIMEOUT).until(() -> messaging.texts(path).size() >= WARM_UP);
  }

  @AfterAll
  static void close() throws Exception {
    service.close();
    messaging.close();
  }

  private static JsonNode channel(String path) throws Exception {
    var vault = api.post("/api/v1/vaults", Map.of("name", path)).path("id").asString();
    api.put(
        "/api/v1/vaults/" + vault + "/secrets/shop",
        Map.of(
            "type", "environment_variable",
            "variable", "SHOP",
            "value", "whsec_" + Base64.getEncoder().encodeToString(KEY)));
    var secret = Map.of("vault_id", vault, "name", "shop");
    return api.post(
        "/api/v1/channels",
        Map.of(
            "name", path,
            "platform", "http",
            "credentials", Map.of("signing_secret", secret),
            "api_url", messaging.url(path),
            // On a busy machine seconds can pass between two messages of a burst.
            "buffer", Map.of("quiet_seconds", 10, "max_wait_seconds", 60),
            "agent", Map.of("url", messaging.url(MessagingServer.AGENT + path), "secret", secret)));
  }

  /** Message of a contact, whose text is its number and that of the contact. */
  private record Message(int contact, int number) {
    String text() {
      return contact + "/" + number;
    }

    String address() {
      return "+1555%07d".formatted(contact);
    }
  }

  /** Contacts that write to a channel, and when each message was acknowledged. */
  private static final class Contacts {
    private final URI uri;
    private final Map<String, Instant> acknowledged = new ConcurrentHashMap<>();
    private final Collection<Long> latencies = new java.util.concurrent.ConcurrentLinkedQueue<>();
    private final long start = System.nanoTime();

    Contacts(JsonNode channel) {
      uri = URI.create(service.address() + channel.path("path").asString());
    }

    /** Sends the bursts of all contacts, each message again until it is acknowledged. */
    void write(int count) {
      try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < count; i++) {
          int contact = i;
          executor.submit(() -> writeBurst(contact));
        }
      }
    }

    private void writeBurst(int contact) {
      for (int i = 0; i < BURST; i++) {
        awaitTurn(contact * BURST + i);
        var message = new Message(contact, i);
        while (!isAcknowledged(message)) LockSupport.parkNanos(RETRY_DELAY.toNanos());
        acknowledged.put(message.text(), Instant.now());
      }
    }

    private void awaitTurn(int number) {
      long turn = start + Duration.ofSeconds(1).toNanos() * number / PER_SECOND;
      for (long left = turn - System.nanoTime(); left > 0; left = turn - System.nanoTime())
        LockSupport.parkNanos(left);
    }

    private boolean isAcknowledged(Message message) {
      var body =
          """
          {"type": "message", "message_id": "%1$s", "text": "%1$s", "contact": {"address": "%2$s"}}"""
              .formatted(message.text(), message.address());
      var time = Long.toString(Instant.now().getEpochSecond());
      var request =
          HttpRequest.newBuilder(uri)
              .timeout(Duration.ofSeconds(20))
              .header("Content-Type", "application/json")
              .header("webhook-id", message.text())
              .header("webhook-timestamp", time)
              .header("webhook-signature", "v1," + sign(message.text() + "." + time + "." + body))
              .POST(BodyPublishers.ofString(body))
              .build();
      long sentAt = System.nanoTime();
      try {
        int status = http.send(request, BodyHandlers.ofString()).statusCode();
        latencies.add(System.nanoTime() - sentAt);
        assertThat(status).isIn(200, 503);
        return status == 200;
      } catch (IOException e) {
        return false; // The service is not there.
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    private static String sign(String text) {
      try {
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
        var signature = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        return Base64.getEncoder().encodeToString(signature);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** Notes when each message was notified, and how long after its event. */
  private static final class Notifications implements WebSocket.Listener {
    private final Map<String, Instant> arrivals = new ConcurrentHashMap<>();
    private final Map<String, Duration> delays = new ConcurrentHashMap<>();
    private final StringBuilder text = new StringBuilder();

    static Notifications open() {
      var notifications = new Notifications();
      var uri = URI.create(service.address().replace("http:", "ws:") + "/ws");
      http.newWebSocketBuilder()
          .header("Authorization", "Bearer " + service.ownerKey())
          .buildAsync(uri, notifications)
          .join();
      return notifications;
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        var notification = JSON.readTree(text.toString());
        text.setLength(0);
        if (notification.path("type").asString().equals("new_message")) {
          var now = Instant.now();
          var message = notification.path("preview").asString();
          arrivals.put(message, now);
          var at = Instant.parse(notification.path("at").asString());
          delays.put(message, Duration.between(at, now));
        }
      }
      socket.request(1);
      return null;
    }
  }

  /** Returns the texts of each call of the agent once, by contact, in the order of the calls. */
  private static Map<String, List<List<String>>> calls(String path) {
    var calls = new java.util.LinkedHashMap<String, JsonNode>();
    for (var call : messaging.parts(MessagingServer.AGENT + path, "chat.messages"))
      calls.putIfAbsent(call.path("id").asString(), call);
    return calls.values().stream()
        .collect(
            groupingBy(
                call -> call.at("/contact/address").asString(),
                mapping(
                    call ->
                        call.path("messages")
                            .valueStream()
                            .map(m -> m.path("text").asString())
                            .toList(),
                    toList())));
  }

  private static List<JsonNode> chats(JsonNode channel) throws Exception {
    var chats = new ArrayList<JsonNode>();
    for (String cursor = ""; cursor != null; ) {
      var page =
          api.get(
              "/api/v1/channels/" + channel.path("id").asString() + "/chats?limit=500" + cursor);
      page.path("items").forEach(chats::add);
      cursor =
          page.path("next_cursor").isNull()
              ? null
              : "&cursor=" + page.path("next_cursor").asString();
    }
    return chats;
  }

  private static List<JsonNode> messages(JsonNode chat) {
    try {
      var items =
          api.get("/api/v1/chats/" + chat.path("id").asString() + "/messages").path("items");
      return items.valueStream().toList();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static Stream<String> textsOf(List<JsonNode> messages, String sender) {
    return messages.stream()
        .filter(message -> message.path("sender_type").asString().equals(sender))
        .map(message -> message.path("text").asString());
  }

  private static List<String> burst(int contact) {
    return IntStream.range(0, BURST).mapToObj(i -> new Message(contact, i).text()).toList();
  }

  private static void report(String name, Collection<Duration> durations) throws IOException {
    var sorted = durations.stream().sorted().toList();
    var line =
        "%s: %d, p50 %d ms, p99 %d ms, longest %d ms; load %.1f%n"
            .formatted(
                name,
                sorted.size(),
                sorted.get(sorted.size() / 2).toMillis(),
                sorted.get(sorted.size() * 99 / 100).toMillis(),
                sorted.getLast().toMillis(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    Files.writeString(
        Path.of("target", "chat-flood.txt"),
        line,
        java.nio.file.StandardOpenOption.CREATE,
        java.nio.file.StandardOpenOption.APPEND);
  }

  @Test
  void eachBurstIsOneCallAndOneAnswer() throws Exception {
    var path = "/calm";
    var channel = channel(path);
    var notifications = Notifications.open();
    var contacts = new Contacts(channel);
    contacts.write(CHATS);
    await().atMost(TIMEOUT).until(() -> messaging.texts(path).size() >= CHATS);
    await()
        .atMost(TIMEOUT)
        .until(() -> notifications.arrivals.keySet().containsAll(contacts.acknowledged.keySet()));

    report("acknowledged", contacts.latencies.stream().map(Duration::ofNanos).toList());
    report(
        "notified after the acknowledgement",
        contacts.acknowledged.entrySet().stream()
            .map(
                entry ->
                    Duration.between(entry.getValue(), notifications.arrivals.get(entry.getKey())))
            .toList());
    report("notified after the event", notifications.delays.values());

    var calls = calls(path);
    assertThat(calls).hasSize(CHATS);
    for (int i = 0; i < CHATS; i++)
      assertThat(calls.get(new Message(i, 0).address())).containsExactly(burst(i));
    assertThat(messaging.texts(path)).hasSize(CHATS).doesNotHaveDuplicates();
    var chats = chats(channel);
    assertThat(chats).hasSize(CHATS);
  }

  @Test
  void nothingIsLostOrRepeatedIfTheServiceIsKilled() throws Exception {
    var path = "/killed";
    var channel = channel(path);
    var contacts = new Contacts(channel);
    var writing = Thread.startVirtualThread(() -> contacts.write(CHATS));
    await().atMost(TIMEOUT).until(() -> contacts.acknowledged.size() > CHATS * BURST / 2);
    service.killForcibly();
    service.start();
    await().atMost(TIMEOUT).until(() -> calls(path).size() > CHATS / 2);
    service.killForcibly();
    service.start();
    writing.join();

    await()
        .atMost(TIMEOUT)
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> chats(channel).stream().allMatch(chat -> isAnswered(messages(chat))));
    var calls = calls(path);
    var failed = new AtomicInteger();
    for (var chat : chats(channel)) {
      var messages = messages(chat);
      var address = chat.path("contact_address").asString();
      int contact = Integer.parseInt(address.substring("+1555".length()));
      assertThat(textsOf(messages, "contact")).containsExactlyElementsOf(burst(contact));
      assertThat(calls.get(address).stream().flatMap(List::stream))
          .containsExactlyElementsOf(burst(contact));
      assertThat(textsOf(messages, "agent"))
          .containsExactlyElementsOf(
              calls.get(address).stream().map(call -> "pong: " + call.getFirst()).toList());
      messages.stream()
          .filter(message -> message.path("status").asString("").equals("failed"))
          .forEach(message -> failed.incrementAndGet());
    }
    assertThat(chats(channel)).hasSize(CHATS);
    assertThat(messaging.texts(path)).doesNotHaveDuplicates();
    int answers = calls.values().stream().mapToInt(List::size).sum();
    assertThat(messaging.texts(path).size()).isBetween(answers - failed.get(), answers);
  }

  /** Returns whether the last message is an answer that was sent, or failed because of a kill. */
  private static boolean isAnswered(List<JsonNode> messages) {
    var last = messages.getLast();
    return last.path("sender_type").asString().equals("agent")
        && !last.path("status").asString().equals("pending")
        && textsOf(messages, "contact").count() == BURST;
  }
}
