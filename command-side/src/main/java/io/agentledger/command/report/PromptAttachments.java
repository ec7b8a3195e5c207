package io.agentledger.command.report;

import io.agentledger.api.session.Attachment;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.QueryEvent.FilesAttached;
import io.agentledger.api.session.query.MessageView;
import io.agentledger.api.shared.StableNames;
import io.agentledger.command.report.document.Fact;
import io.agentledger.command.report.document.ReportBlock;
import io.agentledger.command.report.document.ReportBlock.Facts;
import io.agentledger.command.report.document.ReportBlock.PlainText;
import io.agentledger.store.crypto.ContentUnavailableException;
import io.agentledger.store.crypto.Sealer;
import io.agentledger.store.support.UntrustedJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reader of the attachments of prompts. They are in the events of the session only, each right
 * before its prompt; no read model contains a copy of their megabytes.
 */
record PromptAttachments(JdbcClient sql, EventStore events, Sealer sealer) {
  private static final JsonMapper JSON = UntrustedJson.MAPPER;
  private static final int BASE64_CHARACTERS = 4;
  private static final int BASE64_BYTES = 3;

  /** Returns the numbers of a session's events that contain attachments. */
  TreeSet<Long> positions(SessionId session) {
    return new TreeSet<>(
        sql.sql(
                "select sequencenumber from event where aggregateidentifier = ? and payloadtype = ?")
            .params(session.value(), StableNames.of(FilesAttached.class))
            .query(Long.class)
            .list());
  }

  /** Returns the attachments of a prompt of the session: facts about each, and its image. */
  List<ReportBlock> of(SessionId session, MessageView prompt, TreeSet<Long> positions) {
    var position = positions.lower(prompt.sequence());
    if (position == null
        || !(events.readEvents(session.value(), position).next().getPayload()
            instanceof FilesAttached files)
        || !files.queryId().equals(prompt.queryId())) return List.of();
    JsonNode blocks;
    try {
      blocks = JSON.readTree(sealer.open(session, FilesAttached.class, "blocks", files.blocks()));
    } catch (ContentUnavailableException e) { // As the text of the prompt, it is replaced.
      return List.of(new PlainText("The attachments are not available any more."));
    }
    var content = new ArrayList<ReportBlock>();
    for (var block : blocks) {
      content.add(new Facts(facts(block)));
      if (block.path("type").asString("").equals("image"))
        content.add(TranscriptBlocks.image(block));
    }
    return content;
  }

  private static List<Fact> facts(JsonNode block) {
    var source = block.path("source");
    return List.of(
        new Fact("Attachment", block.path("title").asString(block.path("type").asString(""))),
        new Fact("Media type", source.path("media_type").asString("")),
        new Fact("Bytes", bytes(source)));
  }

  private static int bytes(JsonNode source) {
    var data = source.path("data").asString("");
    if (source.path("media_type").asString("").equals(Attachment.TEXT))
      return data.getBytes(StandardCharsets.UTF_8).length;
    int padding = data.endsWith("==") ? 2 : data.endsWith("=") ? 1 : 0;
    return data.length() / BASE64_CHARACTERS * BASE64_BYTES - padding;
  }
}
