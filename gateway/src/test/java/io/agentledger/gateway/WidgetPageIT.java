package io.agentledger.gateway;

import static io.agentledger.gateway.WebhookFixture.assertStatus;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The demo page with the widget in Chromium, with its strict content security policy. Screenshots
 * are written to {@code target}.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class WidgetPageIT {
  private static final ApiTestServer server = ApiTestServer.sharedService();
  private static final WidgetFixture widget = new WidgetFixture(server);

  /** Returns an element of the widget. */
  private static final String FIND =
      "const widget = document.querySelector('#agentledger-widget').shadowRoot;"
          + " const find = (selector) => widget.querySelector(selector);";

  private static String channel;
  private static String page;
  private static Process site;
  private static Chromium browser;

  @BeforeAll
  static void open() throws Exception {
    int port = freePort();
    page = "http://127.0.0.1:" + port + "/";
    channel = widget.channel("http://127.0.0.1:" + port, "");
    var builder = new ProcessBuilder("node", "examples/widget/server.mjs");
    builder
        .environment()
        .putAll(
            Map.of(
                "CHANNEL",
                channel,
                "IDENTITY_SECRET",
                WidgetFixture.SECRET,
                "AGENTLEDGER_URL",
                server.uri("").toString(),
                "PORT",
                String.valueOf(port)));
    site = builder.directory(ApiTestServer.root().toFile()).redirectErrorStream(true).start();
    assertThat(site.inputReader().readLine()).isEqualTo(page.substring(0, page.length() - 1));
    browser = new Chromium();
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @AfterAll
  static void close() {
    if (browser != null) browser.close();
    if (site != null) site.destroyForcibly();
  }

  /** Loads a page, and waits for its widget. */
  private static void load(String url) {
    browser.load(url);
    await()
        .atMost(WidgetFixture.TIMEOUT)
        .until(
            () ->
                browser
                    .run("return document.querySelector('#agentledger-widget') !== null")
                    .asBoolean());
  }

  private static String run(String script) {
    return browser.run(FIND + script).asString("");
  }

  private static boolean is(String expression) {
    return browser.run(FIND + "return " + expression).asBoolean();
  }

  private static void awaitTrue(String expression) {
    await()
        .atMost(WidgetFixture.TIMEOUT)
        .untilAsserted(() -> assertThat(is(expression)).as(log()).isTrue());
  }

  private static String log() {
    return run("return find('.log').innerText + find('.status').innerText");
  }

  private static void awaitText(String text) {
    await().atMost(WidgetFixture.TIMEOUT).untilAsserted(() -> assertThat(log()).contains(text));
  }

  private static void answer(String text) {
    var body = "{\"text\": \"" + text + "\"}";
    widget.webhooks().post(widget.awaitChat(channel) + "/messages", body, 201);
  }

  @Test
  @Order(1)
  void visitorWritesAndReadsByKeyboard() throws Exception {
    load(page);
    assertThat(is("find('dialog').open")).isFalse();
    run("find('.launcher').focus()");
    browser.type(Chromium.ENTER);
    assertThat(is("find('dialog').open && find('textarea') === widget.activeElement")).isTrue();
    assertThat(run("return find('.launcher').ariaExpanded")).isEqualTo("true");
    browser.type("Where is my order?" + Chromium.ENTER);
    awaitText("Where is my order?");
    answer(
        "It left **yesterday**: [parcel](https://tracking.example/p/1_a_b), <b>not</b> <img src=x onerror=alert(1)>");
    awaitText("It left yesterday: parcel, <b>not</b>");
    assertThat(is("find('.log').querySelector('b, img') === null")).isTrue();
    assertThat(run("const link = find('.log a'); return link.href + ' ' + link.rel"))
        .isEqualTo("https://tracking.example/p/1_a_b noopener noreferrer nofollow");
    browser.type("Thank you!" + Chromium.ENTER);
    awaitTrue("!find('.log').innerText.includes('Sending') && find('.own:last-child') !== null");
    assertThat(browser.run(FIND + "return widget.querySelectorAll('li').length").asInt())
        .as("the greeting and three messages")
        .isEqualTo(4);
    browser.screenshot(Path.of("target", "widget.png"));

    browser.type(Chromium.ESCAPE);
    awaitTrue("!find('dialog').open && find('.launcher') === widget.activeElement");
    answer("You are welcome.");
    awaitTrue("find('.badge').textContent === '1' && !find('.badge').hidden");
    assertThat(run("return find('.launcher').ariaLabel")).isEqualTo("Open chat, 1 unread");
    assertThat(browser.console()).as("violations of the policy, and errors").isEmpty();
  }

  @Test
  @Order(2)
  void chatIsThereAfterAReloadAndReadMessagesAreNotCounted() {
    load(page);
    awaitTrue("find('.badge').textContent === '1'");
    run("find('.launcher').click()");
    awaitText("You are welcome.");
    assertThat(log()).contains("Where is my order?");
    assertThat(is("find('.badge').hidden")).isTrue();
    var token = run("return localStorage['agentledger.widget." + channel + "']");
    assertThat(token).contains("\"token\":\"", "\"key\":\"");
    assertThat(run("return document.cookie")).isEmpty();
    load(page);
    awaitTrue("find('li:nth-child(4)') !== null");
    assertThat(is("find('.badge').hidden")).isTrue();
  }

  @Test
  @Order(3)
  void messagesWaitForTheConnection() {
    load(page);
    run("find('.launcher').click()");
    awaitText("You are welcome.");
    offline(true);
    browser.type("Are you there?" + Chromium.ENTER);
    awaitText("Sending…");
    offline(false);
    awaitTrue("!find('.log').innerText.includes('Sending')");
    answer("Yes.");
    awaitText("Yes.");
    assertThat(
            is(
                "[...widget.querySelectorAll('.own')].filter((own) => own.innerText.includes('Are you there?')).length === 1"))
        .isTrue();
    browser.console(); // Failed requests.
  }

  private static void offline(boolean isOffline) {
    browser.control("Network.enable", Map.of());
    browser.control(
        "Network.emulateNetworkConditions",
        Map.of(
            "offline", isOffline, "latency", 0, "downloadThroughput", -1, "uploadThroughput", -1));
  }

  @Test
  @Order(4)
  void messagesThatWereNotSentFollowInTheirOrderAfterAReconnect() {
    load(page);
    run("const wait = setTimeout; window.setTimeout = (task, ms) => wait(task, ms / 20)");
    run("find('.launcher').click()");
    awaitText("You are welcome.");
    offline(true);
    browser.type("First." + Chromium.ENTER + "Second." + Chromium.ENTER);
    awaitTrue("find('.log').innerText.split('Not sent.').length === 3");
    offline(false);
    awaitTrue("!/Not sent|Sending/.test(find('.log').innerText)");
    var latest = widget.awaitChat(channel) + "/messages?newest_first=true&limit=3";
    await() // Acknowledged messages become part of the chat soon after.
        .atMost(WidgetFixture.TIMEOUT)
        .until(
            () -> widget.webhooks().get(latest).at("/items/0/text").asString(""),
            "Second."::equals);
    answer("Both are here.");
    awaitText("Both are here.");
    assertThat(
            run(
                "return [...widget.querySelectorAll('li .bubble')].slice(-3).map((text) => text.innerText).join(' ')"))
        .isEqualTo("First. Second. Both are here.");
    assertThat(
            widget
                .webhooks()
                .get(latest)
                .at("/items")
                .valueStream()
                .map(message -> message.at("/text").asString("")))
        .as("stored once each")
        .containsExactly("Both are here.", "Second.", "First.");
    browser.console(); // Failed requests.
  }

  @Test
  @Order(5)
  void controlsHaveNamesAndTheLogIsAnnounced() {
    load(page);
    run("find('.launcher').click()");
    assertThat(
            run(
                "return find('dialog').getAttribute('aria-labelledby') + find('#title').textContent"))
        .isEqualTo("titleNorthwind Support");
    assertThat(is("find('.log').role === 'log' && find('.status').role === 'status'")).isTrue();
    for (var control : List.of(".launcher", ".close", ".log", "textarea", ".send"))
      assertThat(run("return find('" + control + "').ariaLabel")).as(control).isNotBlank();
    browser.type("a" + Chromium.TAB);
    assertThat(run("return widget.activeElement.className")).isEqualTo("send");
    browser.type(Chromium.TAB);
    assertThat(run("return widget.activeElement.className")).isEqualTo("launcher");
    assertThat(is("getComputedStyle(find('.launcher')).transitionDuration !== '0s'")).isTrue();
    browser.control(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
    assertThat(is("getComputedStyle(find('.launcher')).transitionDuration === '0s'")).isTrue();
    browser.control("Emulation.setEmulatedMedia", Map.of("features", List.of()));
  }

  @Test
  @Order(6)
  void signedUserHasAnotherChatThanTheAnonymousVisitor() {
    load(page + "?login");
    run("find('.launcher').click()");
    awaitTrue("find('.status').textContent === '' && find('.log').ariaBusy === 'false'");
    assertThat(log()).doesNotContain("Where is my order?");
    browser.type("My order is late." + Chromium.ENTER);
    awaitTrue("!find('.log').innerText.includes('Sending')");
    var chats = "/api/v1/chats?channel_id=" + channel + "&contact=user:customer-42";
    await()
        .atMost(WidgetFixture.TIMEOUT)
        .untilAsserted(
            () ->
                assertThat(widget.webhooks().get(chats).at("/items/0/contact_name").asString(""))
                    .isEqualTo("Ada"));
    load(page);
    run("find('.launcher').click()");
    awaitText("Where is my order?");
    assertThat(log()).doesNotContain("My order is late.");
  }

  @Test
  @Order(7)
  void fillsANarrowScreen() throws Exception {
    browser.control(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", 390, "height", 780, "deviceScaleFactor", 2, "mobile", true));
    load(page);
    run("find('.launcher').click()");
    awaitText("Where is my order?");
    assertThat(is("find('dialog').matches(':modal') && find('dialog').offsetWidth === innerWidth"))
        .isTrue();
    browser.screenshot(Path.of("target", "widget-narrow.png"));
    browser.type(Chromium.ESCAPE);
    awaitTrue("!find('dialog').open");
    browser.control("Emulation.clearDeviceMetricsOverride", Map.of());
  }

  @Test
  @Order(8)
  void pageOfAnArchivedChannelShowsThatThereIsNoConnection() {
    server.send(server.request("/api/v1/channels/" + channel).DELETE());
    load(page);
    run("find('.launcher').click()");
    awaitText("No connection. Trying again…");
    assertStatus(
        server.send(
            widget
                .request(channel, "visits")
                .POST(BodyPublishers.ofString(WidgetFixture.anonymous()))),
        403);
  }
}
