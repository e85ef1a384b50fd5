"""The buyer's pages: from the link to the thank-you."""

from fastapi import APIRouter

from interviewer.web.buyer import call, chat, check, landing

router = APIRouter()
for module in (landing, chat, check, call):
    router.include_router(module.router)
