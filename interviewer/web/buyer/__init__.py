"""The buyer's pages: from the link to the thank-you."""

from fastapi import APIRouter

from interviewer.web.buyer import call, chat, check, landing, proving

router = APIRouter()
for module in (landing, chat, proving, check, call):
    router.include_router(module.router)
