package io.agentledger.command.mcp.connection;

import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.TypeRef;
import java.io.IOException;

/**
 * JSON mapper of a program's transport, which reports a line that is not JSON: the transport stops
 * reading then, and its client would wait for a response.
 */
record ObservedJsonMapper(McpJsonMapper delegate, Runnable onInvalidText) implements McpJsonMapper {
  @Override
  public <T> T readValue(String text, Class<T> type) throws IOException {
    return observe(() -> delegate.readValue(text, type));
  }

  @Override
  public <T> T readValue(String text, TypeRef<T> type) throws IOException {
    return observe(() -> delegate.readValue(text, type));
  }

  private interface Reading<T> {
    T read() throws IOException;
  }

  private <T> T observe(Reading<T> reading) throws IOException {
    try {
      return reading.read();
    } catch (IOException | RuntimeException e) {
      onInvalidText.run();
      throw e;
    }
  }

  @Override
  public <T> T readValue(byte[] bytes, Class<T> type) throws IOException {
    return delegate.readValue(bytes, type);
  }

  @Override
  public <T> T readValue(byte[] bytes, TypeRef<T> type) throws IOException {
    return delegate.readValue(bytes, type);
  }

  @Override
  public <T> T convertValue(Object value, Class<T> type) {
    return delegate.convertValue(value, type);
  }

  @Override
  public <T> T convertValue(Object value, TypeRef<T> type) {
    return delegate.convertValue(value, type);
  }

  @Override
  public String writeValueAsString(Object value) throws IOException {
    return delegate.writeValueAsString(value);
  }

  @Override
  public byte[] writeValueAsBytes(Object value) throws IOException {
    return delegate.writeValueAsBytes(value);
  }
}
