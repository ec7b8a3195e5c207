package io.agentledger.client;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Collectors;

/** States of one report as the service sends them. */
public final class ReportJson {
  public static final String ID = "rep_aaaaaaaaaa";

  public static final String TEMPLATE =
      """
      {"id":"rtp_aaaaaaaaaa","name":"Monthly","type":"usage","introduction":"From {{from}}",\
      "closing":null,"sections":["total"],"version":3,"created_at":"2026-11-20T09:00:00Z",\
      "updated_at":"2026-11-20T09:00:00Z","archived_at":null}""";

  public static final String SCHEDULE =
      """
      {"id":"rsc_aaaaaaaaaa","owner_id":"usr_aaaaaaaaaa","name":"Monthly",\
      "expression":"0 6 1 * *","time_zone":"Europe/Berlin","type":"usage","format":"csv",\
      "period":"previous_month","group_by":"user","template_id":"rtp_aaaaaaaaaa",\
      "template_version":2,"paused":false,"next_at":"2026-12-01T05:00:00Z","version":4,\
      "created_at":"2026-11-20T09:00:00Z","updated_at":"2026-11-20T09:00:00Z"}""";

  private ReportJson() {}

  public static String state(String status, int percent) {
    return state(status, percent, "");
  }

  public static String completed(String content) {
    return state(
        "completed",
        100,
        ",\"bytes\":%d,\"sha256\":\"%s\"".formatted(content.length(), sha256(content)));
  }

  public static String failed(String code, String message) {
    return state(
        "failed", 50, ",\"failure\":{\"code\":\"%s\",\"message\":\"%s\"}".formatted(code, message));
  }

  private static String state(String status, int percent, String fields) {
    return """
        {"id":"%s","requester_id":"usr_aaaaaaaaaa","type":"session_transcript","format":"pdf",\
        "time_zone":"UTC","session_id":"%s","status":"%s","percent":%d,"stage":"messages",\
        "requested_at":"2026-11-20T09:00:00Z"%s}"""
        .formatted(ID, FakeService.SESSION, status, percent, fields);
  }

  /** Returns states as server-sent events. */
  public static String events(String... states) {
    return Arrays.stream(states)
        .map(state -> "event: report\ndata: " + state + "\n\n")
        .collect(Collectors.joining());
  }

  public static String sha256(String content) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256")
                  .digest(content.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException exception) {
      throw new IllegalStateException(exception);
    }
  }
}
