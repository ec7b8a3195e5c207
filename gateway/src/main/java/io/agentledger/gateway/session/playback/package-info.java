/** Playback of the stored events of a session, with their spacing. */
@NullMarked
package io.agentledger.gateway.session.playback;

import org.jspecify.annotations.NullMarked;
