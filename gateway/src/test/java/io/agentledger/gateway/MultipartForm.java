package io.agentledger.gateway;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;

/** A multipart form with files, in the format of a browser or curl. */
final class MultipartForm {
  private static final String BOUNDARY = "----------a-boundary-of-a-test";
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();

  MultipartForm json(String name, String json) {
    return part("name=\"" + name + "\"", "application/json", json.getBytes(StandardCharsets.UTF_8));
  }

  MultipartForm file(String name, String filename, byte[] bytes) {
    return part(
        "name=\"" + name + "\"; filename=\"" + filename + "\"", "application/octet-stream", bytes);
  }

  private MultipartForm part(String disposition, String type, byte[] bytes) {
    body.writeBytes(
        ("--%s\r\nContent-Disposition: form-data; %s\r\nContent-Type: %s\r\n\r\n")
            .formatted(BOUNDARY, disposition, type)
            .getBytes(StandardCharsets.UTF_8));
    body.writeBytes(bytes);
    body.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
    return this;
  }

  HttpRequest.Builder post(HttpRequest.Builder request) {
    body.writeBytes(("--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
    return request
        .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
        .POST(BodyPublishers.ofByteArray(body.toByteArray()));
  }
}
