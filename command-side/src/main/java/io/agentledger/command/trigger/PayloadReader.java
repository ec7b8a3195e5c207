package io.agentledger.command.trigger;

import io.agentledger.api.trigger.WebhookRequest;
import io.agentledger.store.support.UntrustedJson;
import java.io.IOException;
import java.io.Writer;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Reads bodies of webhooks: JSON objects, or forms, which some providers send instead. */
final class PayloadReader {
  /** Length to which texts are shortened for conditions and templates. */
  static final int TEXT_LENGTH_MAX = 65_536;

  /** A body has a multiple of its size in memory if it consists of many small values. */
  private static final int TOKENS_MAX = 200_000;

  private static final int FORM_FIELDS_MAX = 1_000;
  private static final int HEAD_LENGTH_MAX = 200;

  /** Fields from which the id and the type of an event are read. */
  private static final Set<String> HEAD =
      Set.of("action", "challenge", "event", "event_id", "type", "webhookEvent");

  private static final JsonMapper JSON =
      JsonMapper.builder(UntrustedJson.factory().build())
          .enable(DeserializationFeature.USE_LONG_FOR_INTS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private PayloadReader() {}

  /** Body as a JSON object, with the texts at its top from which an event is known. */
  record Payload(String json, Map<String, String> head) {}

  /** Returns the body as JSON; empty if it is not valid. */
  static Optional<Payload> read(WebhookRequest request) {
    try {
      var text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(request.body())).toString();
      var type = request.header("content-type").toLowerCase(Locale.ROOT);
      var json = type.startsWith("application/x-www-form-urlencoded") ? fromForm(text) : text;
      return Optional.of(new Payload(json, readHead(json)));
    } catch (CharacterCodingException | JacksonException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The field {@code payload} of a form is JSON; without it, the form becomes an object. */
  private static String fromForm(String form) {
    var fields = new LinkedHashMap<String, String>();
    int count = 0;
    for (int start = 0, end; start < form.length(); start = end + 1) {
      end = form.indexOf('&', start);
      if (end < 0) end = form.length();
      if (++count > FORM_FIELDS_MAX) throw new IllegalArgumentException("has too many fields");
      var field = form.substring(start, end);
      int equals = field.indexOf('=');
      if (equals > 0)
        fields.put(decode(field.substring(0, equals)), decode(field.substring(equals + 1)));
    }
    return fields.containsKey("payload") ? fields.get("payload") : JSON.writeValueAsString(fields);
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  /** Parses the whole text once, without keeping it, and returns the known texts at its top. */
  private static Map<String, String> readHead(String json) {
    var head = new HashMap<String, String>();
    try (var parser = JSON.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT)
        throw new IllegalArgumentException("is no object");
      int depth = 1;
      int count = 0;
      while (depth > 0) {
        var token = parser.nextToken();
        if (token == null) throw new IllegalArgumentException("ends too early");
        if (++count > TOKENS_MAX) throw new IllegalArgumentException("has too many values");
        if (token.isStructStart()) depth++;
        else if (token.isStructEnd()) depth--;
        else if (depth == 1
            && token == JsonToken.VALUE_STRING
            && HEAD.contains(parser.currentName())
            && parser.getStringLength() <= HEAD_LENGTH_MAX)
          head.put(parser.currentName(), parser.getString());
      }
      if (parser.nextToken() != null) throw new IllegalArgumentException("has more than one value");
    }
    return head;
  }

  /** Returns the payload as maps, lists and values, with shortened texts. */
  static Map<String, Object> toMap(String json) {
    @SuppressWarnings("unchecked") // It was an object when it was received.
    var map = (Map<String, Object>) shorten(JSON.readValue(json, Map.class));
    return map;
  }

  private static Object shorten(Object value) {
    if (value instanceof Map<?, ?> map) {
      var copy = new LinkedHashMap<String, Object>();
      map.forEach(
          (name, field) -> {
            if (field != null) copy.put((String) name, shorten(field));
          });
      return copy;
    }
    if (value instanceof java.util.List<?> list)
      return list.stream().filter(java.util.Objects::nonNull).map(PayloadReader::shorten).toList();
    return value instanceof String text && text.length() > TEXT_LENGTH_MAX
        ? text.substring(0, TEXT_LENGTH_MAX)
        : value;
  }

  /** Returns a value as text: JSON of objects and lists, of which only the start is written. */
  static String toText(Object value, int lengthMax) {
    if (!(value instanceof Map || value instanceof java.util.List)) return String.valueOf(value);
    var start = new StartWriter(lengthMax);
    try {
      JSON.writeValue(start, value);
    } catch (RuntimeException e) {
      if (!start.full) throw e;
    }
    return start.text.toString();
  }

  /** Writer that fails after the start of a text. */
  private static final class StartWriter extends Writer {
    private final StringBuilder text = new StringBuilder();
    private final int lengthMax;
    private boolean full;

    StartWriter(int lengthMax) {
      this.lengthMax = lengthMax;
    }

    @Override
    public void write(char[] characters, int offset, int length) throws IOException {
      int space = Math.min(length, lengthMax - text.length());
      text.append(characters, offset, space);
      full |= space < length;
      if (full) throw new IOException("the text is too long");
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
