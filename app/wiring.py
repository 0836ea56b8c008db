"""The nervous system on one page: what each fact shows and starts, the topics people listen in, the timers."""

from collections.abc import Mapping

from app.accounts import facts as accounts
from app.accounts import reactions as accounts_reactions
from app.analytics import facts as analytics
from app.analytics import live as analytics_live
from app.analytics.live import board_changed as boards
from app.core import attendance, events, jobs_ledger, live, settings, timers
from app.core.events import Fact, Reaction, Wire
from app.core.live import TopicKind
from app.core.timers import Timer
from app.feeds import facts as feeds
from app.feeds import live as feeds_live
from app.feeds import reactions as feeds_reactions
from app.feeds import timers as feeds_timers
from app.leads import facts as leads
from app.leads import live as leads_live
from app.leads import reactions as leads_reactions
from app.leads import service as leads_service
from app.leads import timers as leads_timers
from app.listings import facts as listings
from app.listings import live as listings_live
from app.listings import reactions as listings_reactions
from app.listings import timers as listings_timers
from app.media import facts as media
from app.media import reactions as media_reactions
from app.media import timers as media_timers
from app.moderation import facts as moderation
from app.notices import facts as notices
from app.notices import live as notices_live
from app.notices import reactions as notices_reactions
from app.notices import timers as notices_timers
from app.orgs import facts as orgs
from app.orgs import live as orgs_live
from app.orgs import reactions as orgs_reactions
from app.outlets import facts as outlets
from app.search import reactions as search_reactions
from app.sla import facts as sla
from app.sla import live as sla_live
from app.sla import reactions as sla_reactions
from app.sla import timers as sla_timers
from app.webhooks import facts as webhooks
from app.webhooks import reactions as webhooks_reactions

_IMPORT = Reaction("feed-import", feeds_reactions.run_import)
_LEAVE = Reaction("leads-sla", leads_reactions.leave)
_CLOSING = Reaction("leads-sla", sla_reactions.expect_closing)
_REPLY = (Reaction("notify", leads_reactions.send_reply),)
_TEAM = (Reaction("notify", notices_reactions.tell_team),)
_WEIGH = (Reaction("indexing", listings_reactions.weigh_photos),)
_FOUND = (Reaction("indexing", search_reactions.follow_listing),)
_FOUND_ALL = (Reaction("indexing", search_reactions.follow_org),)
_SEEN = Reaction("indexing", search_reactions.follow_photos)
OUTSIDE = (*_FOUND, *_FOUND_ALL, _SEEN)
"""For a search engine outside the database; without one nobody needs these jobs."""
_RENAMED = Reaction("indexing", listings_reactions.follow_name)
FOLLOWING = {"postgres": (_RENAMED,), "meilisearch": OUTSIDE}
"""By which jobs each engine comes to show what has changed; PostgreSQL has all but new names in the change itself."""
_WEIGHED = (*_WEIGH, _SEEN)
_SELLER = (Reaction("default", listings_reactions.follow_seller),)
_DEADLINE = (Reaction("notify", notices_reactions.tell_deadline),)

TABLE: Mapping[type[Fact], Wire] = {
    **jobs_ledger.WIRES,
    # people
    accounts.UserRegistered: Wire(),
    accounts.UserChanged: Wire(do=_SELLER),
    accounts.UserClosed: Wire(do=_SELLER),
    accounts.ProfileChanged: Wire(),
    accounts.PasswordChanged: Wire(),
    accounts.PasswordResetAsked: Wire(do=(Reaction("notify", accounts_reactions.send_reset),)),
    accounts.SessionStarted: Wire(),
    accounts.SessionEnded: Wire(show=(orgs_live.session_ended,)),
    # orgs
    orgs.OrgCreated: Wire(),
    orgs.OrgChanged: Wire(do=_FOUND_ALL),
    orgs.OrgClosed: Wire(do=_FOUND_ALL),
    orgs.BranchOpened: Wire(show=(orgs_live.branch_changed,), do=(_CLOSING,)),
    orgs.BranchChanged: Wire(show=(orgs_live.branch_changed,)),
    orgs.BranchClosed: Wire(show=(orgs_live.branch_changed,)),
    orgs.MemberInvited: Wire(
        show=(orgs_live.invitation_changed,), do=(Reaction("notify", orgs_reactions.send_invitation),)
    ),
    orgs.InvitationRevoked: Wire(show=(orgs_live.invitation_changed,)),
    orgs.MemberJoined: Wire(show=(orgs_live.member_joined,)),
    orgs.MemberRoleChanged: Wire(show=(orgs_live.rights_changed,), do=(_LEAVE,)),
    orgs.MemberRenamed: Wire(show=(orgs_live.member_changed,)),
    orgs.MemberDisabled: Wire(show=(orgs_live.member_changed,), do=(_LEAVE,)),
    orgs.MemberEnabled: Wire(show=(orgs_live.member_changed,)),
    orgs.MemberRemoved: Wire(show=(orgs_live.member_removed,), do=(_LEAVE,)),
    # stock
    listings.ListingCreated: Wire(show=(listings_live.listing_changed, boards), do=_FOUND),
    listings.ListingChanged: Wire(show=(listings_live.listing_changed, boards), do=_FOUND),
    listings.ListingPriceChanged: Wire(show=(listings_live.listing_changed, boards), do=_FOUND),
    listings.ListingPublished: Wire(show=(listings_live.listing_changed, boards), do=_FOUND),
    listings.ListingUnpublished: Wire(show=(listings_live.listing_changed, boards), do=_FOUND),
    listings.ListingReserved: Wire(show=(listings_live.listing_changed, boards), do=_FOUND),
    listings.ListingSold: Wire(show=(listings_live.listing_changed, boards), do=_FOUND),
    listings.ListingExpired: Wire(show=(listings_live.listing_changed, boards), do=_FOUND),
    listings.ListingArchived: Wire(show=(listings_live.listing_changed, boards), do=_FOUND),
    listings.ListingRefreshed: Wire(show=(listings_live.listing_changed,), do=_FOUND),
    listings.ListingsParted: Wire(),
    listings.StockViewChanged: Wire(),
    listings.StockChanged: Wire(show=(listings_live.stock_changed, boards), do=_FOUND_ALL),
    listings.StockRenamed: Wire(do=(_RENAMED, *_FOUND_ALL)),
    listings.StockFilled: Wire(show=(listings_live.stock_filled, boards), do=_FOUND_ALL),
    # feeds of stock
    feeds.FileUploaded: Wire(show=(feeds_live.file_handed_in,)),
    feeds.MappingSaved: Wire(),
    feeds.RunStarted: Wire(show=(feeds_live.run_changed,), do=(_IMPORT,)),
    feeds.RunAdvanced: Wire(show=(feeds_live.run_changed, listings_live.stock_filled, boards)),
    feeds.RunHeld: Wire(show=(feeds_live.run_changed,), do=(Reaction("notify", notices_reactions.tell_import_held),)),
    feeds.RunApproved: Wire(show=(feeds_live.run_changed,), do=(_IMPORT,)),
    feeds.RunFinished: Wire(
        show=(feeds_live.run_changed, listings_live.stock_filled, boards),
        do=(Reaction("hooks", webhooks_reactions.tell_import), *_FOUND_ALL),
    ),
    feeds.RunFailed: Wire(show=(feeds_live.run_changed,), do=_FOUND_ALL),
    feeds.RunStopped: Wire(show=(feeds_live.run_changed,), do=_FOUND_ALL),
    feeds.UndoStarted: Wire(show=(feeds_live.run_changed,), do=(Reaction("feed-import", feeds_reactions.undo_import),)),
    feeds.RunUndone: Wire(show=(feeds_live.run_changed, listings_live.stock_filled, boards), do=_FOUND_ALL),
    feeds.SourceChanged: Wire(show=(feeds_live.source_changed,)),
    feeds.SourceDue: Wire(
        show=(feeds_live.source_changed,), do=(Reaction("feed-import", feeds_reactions.fetch_source),)
    ),
    feeds.SourceFetched: Wire(show=(feeds_live.source_changed,)),
    feeds.SourceFailed: Wire(show=(feeds_live.source_changed,)),
    feeds.SourceStopped: Wire(
        show=(feeds_live.source_changed,), do=(Reaction("notify", notices_reactions.tell_feed_stopped),)
    ),
    listings.ListingCostsChanged: Wire(),
    # feeds that others fetch
    outlets.OutletOpened: Wire(),
    outlets.OutletChanged: Wire(),
    outlets.OutletRenewed: Wire(),
    outlets.OutletClosed: Wire(),
    # pictures
    media.MediaAdded: Wire(show=(listings_live.photos_changed,), do=(Reaction("media-iq", media_reactions.take_in),)),
    media.MediaReady: Wire(show=(listings_live.photos_changed,), do=_WEIGHED),
    media.MediaFailed: Wire(show=(listings_live.photos_changed,)),
    media.MediaOrdered: Wire(show=(listings_live.photos_changed,)),
    media.MediaRemoved: Wire(show=(listings_live.photos_changed,), do=_WEIGHED),
    media.MediaRestored: Wire(show=(listings_live.photos_changed,), do=_WEIGHED),
    media.MediaPurged: Wire(do=(Reaction("media-iq", media_reactions.purge),)),
    media.MediaSketched: Wire(do=(Reaction("default", media_reactions.draw),)),  # uploads do not wait for it
    # service levels
    sla.SlaWarned: Wire(show=(leads_live.lead_changed, boards), do=_DEADLINE),
    sla.SlaBreached: Wire(show=(leads_live.lead_changed, boards), do=_DEADLINE),
    sla.DeadlineMoved: Wire(show=(leads_live.lead_changed, boards)),
    sla.HoursChanged: Wire(
        show=(sla_live.hours_changed,), do=(Reaction("leads-sla", leads_reactions.follow_hours), _CLOSING)
    ),
    sla.DayClosed: Wire(do=(Reaction("notify", notices_reactions.tell_day),)),
    sla.SlaPolicyChanged: Wire(show=(sla_live.policy_changed,)),
    # leads
    leads.LeadOpened: Wire(
        show=(leads_live.lead_opened, boards), do=(*_TEAM, Reaction("hooks", webhooks_reactions.tell_lead))
    ),
    leads.LeadRepeated: Wire(show=(leads_live.lead_repeated, boards)),
    leads.LeadAssigned: Wire(
        show=(leads_live.lead_assigned, boards), do=(Reaction("notify", notices_reactions.tell_assigned),)
    ),
    leads.LeadStatusChanged: Wire(show=(leads_live.lead_assigned, boards)),
    leads.LeadReplied: Wire(show=(leads_live.lead_changed, boards), do=_REPLY),
    leads.LeadReplyDelivered: Wire(show=(leads_live.lead_changed, boards)),
    leads.LeadNoted: Wire(
        show=(leads_live.lead_changed, boards), do=(Reaction("notify", notices_reactions.tell_mentioned),)
    ),
    leads.LeadCallDue: Wire(show=(leads_live.lead_changed,)),
    leads.LeadCalled: Wire(show=(leads_live.lead_assigned, boards)),
    leads.LeadSnoozed: Wire(show=(leads_live.lead_changed, boards)),
    leads.LeadWoken: Wire(show=(leads_live.lead_changed, boards)),
    leads.LeadPaused: Wire(show=(leads_live.lead_changed, boards)),
    leads.LeadResumed: Wire(show=(leads_live.lead_changed, boards)),
    leads.LeadMoved: Wire(show=(leads_live.lead_moved, boards), do=(Reaction("notify", notices_reactions.tell_moved),)),
    leads.LeadArchived: Wire(show=(leads_live.lead_changed, boards)),
    leads.LeadRestored: Wire(show=(leads_live.lead_changed, boards)),
    leads.LeadEdited: Wire(show=(leads_live.lead_changed, boards)),
    leads.LeadMerged: Wire(show=(leads_live.lead_merged, boards)),
    leads.LeadUnmerged: Wire(show=(leads_live.lead_merged, boards)),
    leads.LeadUndone: Wire(show=(leads_live.lead_moved, boards)),
    leads.RoundChanged: Wire(show=(leads_live.turns_changed,)),
    leads.DutyChanged: Wire(show=(leads_live.turns_changed,)),
    leads.ReplyTemplateChanged: Wire(),
    leads.LeadViewChanged: Wire(),
    leads.LeadDocumentRefused: Wire(),
    leads.LeadSourceChanged: Wire(),
    # adverts that people complain of
    moderation.ReportFiled: Wire(),
    # screens that boards hang on
    analytics.ScreenOpened: Wire(),
    analytics.ScreenClosed: Wire(),
    # notices
    notices.NoticeMade: Wire(show=(notices_live.notice_made,)),
    notices.NoticeDropped: Wire(show=(notices_live.notice_changed,)),
    notices.NoticeDue: Wire(do=(Reaction("notify", notices_reactions.send),)),
    notices.NoticeDelivered: Wire(show=(notices_live.notice_changed,)),
    notices.NoticeRead: Wire(show=(notices_live.notice_changed,)),
    notices.NoticesRead: Wire(show=(notices_live.notices_read,)),
    notices.NoticeChoicesChanged: Wire(),
    # other systems
    webhooks.WebhookChanged: Wire(),
    webhooks.WebhookDue: Wire(do=(Reaction("hooks", webhooks_reactions.deliver),)),
    webhooks.WebhookDelivered: Wire(),
    webhooks.WebhookFailed: Wire(),
}

TOPICS: tuple[TopicKind, ...] = (
    *orgs_live.TOPICS, *listings_live.TOPICS, *sla_live.TOPICS, *leads_live.TOPICS, *notices_live.TOPICS,
    *feeds_live.TOPICS, *analytics_live.TOPICS,
)  # fmt: skip

TIMERS: tuple[Timer, ...] = (
    *listings_timers.TIMERS,
    *media_timers.TIMERS,
    *feeds_timers.TIMERS,
    *sla_timers.TIMERS,
    *leads_timers.TIMERS,
    *notices_timers.TIMERS,
)


def wires(*, outside: bool) -> Mapping[type[Fact], Wire]:
    """What follows each fact where there is a search engine outside the database, or none."""
    if outside:
        return TABLE
    return {fact: Wire(wire.show, tuple(one for one in wire.do if one not in OUTSIDE)) for fact, wire in TABLE.items()}


def install() -> None:
    events.install(wires(outside=settings.current().meili_url is not None))
    live.install(TOPICS)
    timers.install(TIMERS)
    attendance.install(leads_service.attend)
