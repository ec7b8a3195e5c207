package io.agentledger.gateway.session.playback;

import io.agentledger.api.session.SessionId;
import io.agentledger.gateway.support.rsocket.RSocketBody;
import io.agentledger.gateway.support.web.RequestContext;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Flux;

/** Playback of a session over RSocket. */
@Controller
class PlaybackRSocketController {
  private final SessionPlayback sessionPlayback;

  PlaybackRSocketController(SessionPlayback sessionPlayback) {
    this.sessionPlayback = sessionPlayback;
  }

  @MessageMapping("sessions.{id}.playback")
  Flux<byte[]> play(@DestinationVariable SessionId id, RSocketBody body, RequestContext context) {
    return sessionPlayback
        .play(context, id, body.read(PlaybackParams.class))
        .flatMapMany(Function.identity())
        .map(item -> item.json().getBytes(StandardCharsets.UTF_8));
  }
}
