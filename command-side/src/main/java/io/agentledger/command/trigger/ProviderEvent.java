package io.agentledger.command.trigger;

import io.agentledger.api.trigger.WebhookRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Event of a provider in common terms; unknown parts are empty. Every value is from outside.
 *
 * @param type as the provider names it, with its action: {@code issue_comment.created}
 * @param number of the issue or pull request
 * @param sender account that caused it
 * @param app app that caused it on behalf of the sender
 * @param authored whether the text was written now, so that it may contain a command
 */
record ProviderEvent(
    String type,
    String repository,
    String number,
    String title,
    String text,
    String sender,
    String app,
    String url,
    boolean authored) {
  static final String GITHUB = "github";
  static final String JIRA = "jira";
  static final String SENTRY = "sentry";

  /** Providers whose payloads are known. */
  static final Set<String> BUILT_IN = Set.of(GITHUB, JIRA, SENTRY);

  private static final Set<String> AUTHORING = Set.of("created", "opened", "submitted");

  /** Returns the id that the provider gave a webhook; empty if it gives none. */
  static String deliveryId(String provider, WebhookRequest request, Map<String, String> head) {
    var id =
        first(
            switch (provider) {
              case GITHUB -> request.header("x-github-delivery");
              case JIRA -> request.header("x-atlassian-webhook-identifier");
              case SENTRY -> request.header("request-id");
              default -> "";
            },
            request.header("webhook-id"),
            request.header("x-delivery-id"),
            head.getOrDefault("event_id", ""));
    return toPlain(id);
  }

  /** Returns the type of the event as far as headers and the top of the payload show it. */
  static String type(String provider, WebhookRequest request, Map<String, String> head) {
    var action = head.getOrDefault("action", "");
    var name =
        switch (provider) {
          case GITHUB -> request.header("x-github-event");
          case JIRA -> head.getOrDefault("webhookEvent", "");
          case SENTRY -> request.header("sentry-hook-resource");
          default ->
              first(
                  request.header("x-event-type"),
                  head.getOrDefault("type", ""),
                  head.getOrDefault("event", ""));
        };
    var type = toPlain(action.isEmpty() || provider.equals(JIRA) ? name : name + "." + action);
    return type.length() > 100 ? type.substring(0, 100) : type;
  }

  /** Removes what a database cannot store, and control characters. */
  private static String toPlain(String text) {
    var plain = new StringBuilder(text.length());
    text.codePoints()
        .filter(
            character ->
                !Character.isISOControl(character)
                    && Character.getType(character) != Character.SURROGATE)
        .forEach(plain::appendCodePoint);
    return plain.toString();
  }

  /** Creates the event of a payload. */
  static ProviderEvent of(String provider, String type, Map<String, Object> payload) {
    return switch (provider) {
      case GITHUB -> ofGitHub(type, payload);
      case JIRA -> ofJira(type, payload);
      case SENTRY -> ofSentry(type, payload);
      default ->
          new ProviderEvent(
              type,
              text(payload, "repository"),
              text(payload, "number"),
              text(payload, "title"),
              firstOf(payload, "text", "message", "body", "event.text", "data.text"),
              firstOf(payload, "sender", "user", "event.user"),
              "",
              text(payload, "url"),
              true);
    };
  }

  private static ProviderEvent ofGitHub(String type, Map<String, Object> payload) {
    boolean isAuthoring = AUTHORING.contains(text(payload, "action"));
    return new ProviderEvent(
        type,
        text(payload, "repository.full_name"),
        firstOf(
            payload,
            "issue.number",
            "pull_request.number",
            "check_run.pull_requests.0.number",
            "check_suite.pull_requests.0.number"),
        firstOf(payload, "issue.title", "pull_request.title", "check_run.name"),
        firstOf(
            payload,
            "comment.body",
            "review.body",
            "issue.body",
            "pull_request.body",
            "check_run.output.summary"),
        text(payload, "sender.login"),
        firstOf(
            payload, "comment.performed_via_github_app.id", "issue.performed_via_github_app.id"),
        firstOf(
            payload,
            "comment.html_url",
            "review.html_url",
            "issue.html_url",
            "pull_request.html_url",
            "check_run.html_url"),
        isAuthoring);
  }

  private static ProviderEvent ofJira(String type, Map<String, Object> payload) {
    return new ProviderEvent(
        type,
        text(payload, "issue.fields.project.key"),
        text(payload, "issue.key"),
        text(payload, "issue.fields.summary"),
        firstOf(payload, "comment.body", "issue.fields.description"),
        firstOf(payload, "comment.author.accountId", "user.accountId", "user.name"),
        "",
        text(payload, "issue.self"),
        type.endsWith("created"));
  }

  private static ProviderEvent ofSentry(String type, Map<String, Object> payload) {
    return new ProviderEvent(
        type,
        firstOf(payload, "data.issue.project.slug", "data.event.project", "data.error.project"),
        firstOf(payload, "data.issue.id", "data.event.issue_id", "data.error.issue_id"),
        firstOf(payload, "data.issue.title", "data.event.title", "data.error.title"),
        firstOf(payload, "data.comment", "data.issue.culprit", "data.event.message"),
        firstOf(payload, "actor.name", "actor.id"),
        "",
        firstOf(payload, "data.issue.web_url", "data.event.web_url", "data.error.web_url"),
        type.endsWith("created"));
  }

  /** Returns the fields by their names in conditions and templates. */
  Map<String, String> toFields() {
    var fields = new LinkedHashMap<String, String>();
    fields.put("type", type);
    fields.put("repository", repository);
    fields.put("number", number);
    fields.put("title", title);
    fields.put("text", text);
    fields.put("sender", sender);
    fields.put("url", url);
    return fields;
  }

  private static String firstOf(Map<String, Object> payload, String... paths) {
    return first(Stream.of(paths).map(path -> text(payload, path)).toArray(String[]::new));
  }

  private static String first(String... texts) {
    for (var text : texts) if (!text.isEmpty()) return text;
    return "";
  }

  /** Returns the value at a path; empty if it is missing, or an object. */
  static String text(Map<String, Object> payload, String path) {
    Object value = payload;
    for (var step : path.split("\\.")) {
      if (value instanceof Map<?, ?> map) value = map.get(step);
      else if (value instanceof List<?> list && !list.isEmpty() && step.equals("0"))
        value = list.getFirst();
      else return "";
      if (value == null) return "";
    }
    return value instanceof String || value instanceof Number || value instanceof Boolean
        ? String.valueOf(value)
        : "";
  }
}
